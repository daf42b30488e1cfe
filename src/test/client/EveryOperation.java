import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;

import java.io.File;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.openapitools.client.ApiClient;
import org.openapitools.client.ApiException;
import org.openapitools.client.api.ExportApi;
import org.openapitools.client.api.OperateApi;
import org.openapitools.client.api.SearchApi;
import org.openapitools.client.model.*;

/**
 * Calls every operation with the client that openapi-generator makes of the contract. Compiled with that client and run by
 * ApiClientIT. Takes the address of the API with its key, and the address of the people API.
 */
public final class EveryOperation implements BiConsumer<Map.Entry<String, String>, String> {
    private SearchApi search;
    private ExportApi export;
    private OperateApi operate;

    @Override
    public void accept(Map.Entry<String, String> api, String people) {
        ApiClient client = new ApiClient();
        client.updateBaseUri(api.getKey());
        client.setRequestInterceptor(request -> request.header("X-API-Key", api.getValue()));
        search = new SearchApi(client);
        export = new ExportApi(client);
        operate = new OperateApi(client);
        try {
            runs();
            searches();
            exports(people);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private void runs() throws Exception {
        assertThat(operate.listIndexers().getIndexers())
                .extracting(Indexer::getName)
                .containsExactly("functions", "geography", "memberships", "patents");

        assertThat(operate.listNodes().getNodes()).singleElement().matches(Node::getKeeper);

        // As it is made: its list of indexers is empty, so all are started.
        StartedRuns started = operate.startRuns(new StartRuns());
        assertThat(started.getRuns()).hasSize(4);
        assertThat(started.getSkipped()).isEmpty();
        String patents = started.getBatchId() + "-patents";
        for (String run : started.getRuns()) {
            await().until(() -> operate.getRun(run).getState() == RunState.COMPLETED);
        }
        Run run = operate.getRun(patents);
        assertThat(run.getStartedBy()).isEqualTo("test");
        assertThat(run.getErrors()).isEqualTo(1L);
        assertThat(run.getUrls()).isEqualTo(300L);
        assertThat(run.getBegan()).isBefore(run.getEnded());
        RunPage page = operate.listRuns("patents", started.getBatchId(), RunState.COMPLETED, 1, 50);
        assertThat(page.getTotal()).isEqualTo(1L);
        assertThat(page.getRuns()).containsExactly(run);
        assertThat(content(operate.getRunErrors(patents)))
                .startsWith("person_id,url,reason,status,attempts\r\np3,")
                .contains("HTTP 404 Not Found,404,1");

        // Not before the batch of all runs is closed.
        Callable<Run> retry = () -> operate.retryRunErrors(patents);
        await().ignoreExceptionsMatching(e -> e instanceof ApiException refused && refused.getCode() == 409)
                .until(retry, again -> again.getId().equals(patents));
        await().until(() -> operate.getRun(patents).getErrors() == 0);
        assertThat(operate.cancelRun(started.getBatchId() + "-functions").getState()).isEqualTo(RunState.COMPLETED);

        HeldPage held = operate.getRunHeld(patents, null, 10);
        assertThat(held.getTotal()).isZero();
        assertThat(held.getHeld()).isEmpty();
        refused(409, () -> operate.releaseRunHeld(patents));
        refused(409, () -> operate.rejectRunHeld(patents));

        DryRun tried = operate.dryRunIndexer("functions", 2);
        assertThat(tried.getHeader()).isEqualTo("person_id,code,title,patents");
        assertThat(tried.getPeople()).extracting(DryRunPerson::getId).containsExactly("p0", "p1");
        assertThat(tried.getPeople().get(0).getRows()).hasSize(2);
        assertThat(tried.getPeople().get(0).getDocument()).asInstanceOf(MAP).containsKeys("id", "functions");
        refused(404, () -> operate.dryRunIndexer("none", null));
        refused(422, () -> operate.startRuns(new StartRuns().indexers(Set.of("none"))));
    }

    private void searches() throws Exception {
        // As they are made: their lists are empty, so everyone is found.
        SearchRequest everyone = new SearchRequest().filters(new SearchFilters());
        await().until(() -> search.expertiseSearch(everyone).getTotal() == 300);

        SearchResponse found = search.expertiseSearch(new SearchRequest()
                .query("Person p6")
                .size(1)
                .filters(new SearchFilters().country(List.of("CH", "SE")).active(true)));
        assertThat(found.getHits()).hasSize(1);
        Hit hit = found.getHits().get(0);
        assertThat(hit.getPerson().getName()).startsWith("Person p");
        assertThat(hit.getScore()).isPositive();
        assertThat(hit.getPlace()).containsEntry("city", "Zürich");
        assertThat(hit.getMemberships().get(0)).containsKey("organization");
        assertThat(found.getFacets().getCountry().get(0).getValue()).isEqualTo("CH");
        SearchResponse byName = search.expertiseSearch(new SearchRequest().sort(SearchRequest.SortEnum.NAME));
        assertThat(byName.getHits().get(0).getScore()).isNull();

        Suggestions suggestions = search.autosuggest("zur", 3);
        assertThat(suggestions.getCities().get(0).getValue()).isEqualTo("Zürich");
        assertThat(search.autosuggest(null, null).getFunctions()).isNotEmpty();
    }

    private void exports(String people) throws Exception {
        List<String> urls = List.of(people + "/people/p2/patents", people + "/people/none/patents");
        ExportRequest request = new ExportRequest().jobId("client").urls(urls);
        Export done = export.createExport(request, null);
        assertThat(done.getState()).isEqualTo(Export.StateEnum.COMPLETED);
        assertThat(done.getUrls()).isEqualTo(2);
        assertThat(done.getRows()).isEqualTo(2L);
        assertThat(done.getErrors()).isEqualTo(1L);
        assertThat(export.createExport(request.columns(null), "respond-async")).isEqualTo(done);
        assertThat(export.getExport("client")).isEqualTo(done);

        assertThat(content(download("result.csv", null))).startsWith("url,number,title,date,abstract\r\n" + urls.get(0));
        assertThat(content(download("result.jsonl", null))).contains("\"item\":{\"number\":\"US-2-0\"");
        assertThat(content(download("result.csv", "bytes=0-9"))).isEqualTo("url,number");
        assertThat(content(download("errors.csv", null))).contains(urls.get(1) + ",HTTP 404 Not Found,404,1");
        refused(416, () -> download("errors.csv", "bytes=99999-"));
        refused(404, () -> export.getExport("none"));
        refused(422, () -> export.createExport(new ExportRequest().jobId("a").urls(List.of("http://a.test/")), null));

        export.createExport(new ExportRequest().jobId("other").urls(urls).columns(List.of("title")), "respond-async");
        assertThat(export.cancelExport("other").getState())
                .isIn(Export.StateEnum.CANCELLED, Export.StateEnum.COMPLETED);
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(60));
    }

    private File download(String file, String range) throws ApiException {
        return export.downloadExport("client", file, range, null, null, null, null);
    }

    private static String content(File file) throws Exception {
        String content = Files.readString(file.toPath());
        Files.delete(file.toPath());
        return content;
    }

    private static void refused(int status, Callable<?> call) {
        assertThatThrownBy(call::call).isInstanceOfSatisfying(ApiException.class, refused -> {
            assertThat(refused.getCode()).isEqualTo(status);
            assertThat(refused.getResponseBody()).contains("\"status\":" + status);
        });
    }
}
