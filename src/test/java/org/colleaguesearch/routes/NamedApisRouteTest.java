package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.colleaguesearch.routes.LocalServer.Answer;
import org.colleaguesearch.routes.LocalServer.Request;
import org.colleaguesearch.runs.Batch;
import org.colleaguesearch.runs.Run;
import org.colleaguesearch.source.ApiGate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.util.FileSystemUtils;

/** Two APIs: the people and one section are on the default one, another section is on the one named works. */
@Timeout(60)
class NamedApisRouteTest {
    private static final String TWO_PEOPLE = "{\"items\":[{\"id\":\"ada\"},{\"id\":\"bob\"}],\"next\":null}";
    /** Enough for a verdict about an API. */
    private static final String TWENTY_PEOPLE = "{\"items\":[%s],\"next\":null}"
            .formatted(IntStream.range(0, 20)
                    .mapToObj("{\"id\":\"p%d\"}"::formatted)
                    .collect(Collectors.joining(",")));

    private static final String WORKS = """
            - templatedRoute:
                routeId: index-works
                routeTemplateRef: index-chunk
                parameters:
                  - {name: indexer, value: works}
                  - {name: api, value: works}
                  - {name: url, value: "/authors/{id}?size=1"}
                  - {name: section, value: .works}
                  - {name: next, value: .next}
                  - {name: columns, value: title}
            """;

    @TempDir
    Path folder;

    private volatile String list = TWO_PEOPLE;
    private final LocalServer people = new LocalServer(request ->
            request.target().startsWith("/people?") ? Answer.ok(list) : Answer.ok("{\"patents\":[{\"title\":\"P\"}]}"));

    @BeforeEach
    void addIndexer() throws IOException {
        FileSystemUtils.copyRecursively(Path.of("routes"), folder.resolve("routes"));
        // Not loaded from routes/ itself.
        FileSystemUtils.deleteRecursively(folder.resolve("routes/examples"));
        Files.writeString(folder.resolve("routes/indexers/works.camel.yaml"), WORKS);
    }

    private RouteApplication application() {
        return RouteApplication.in(folder.resolve("routes"))
                .with("colleagues.apis.default.base-url", people.url())
                .with("colleagues.apis.default.auth.bearer-token", "token-of-people")
                .with("colleagues.apis.works.auth.api-key", "key of works")
                .with("colleagues.apis.works.auth.api-key-query", "api_key")
                .with("colleagues.run-at-start", false)
                .with("colleagues.indexing.only", "patents,works");
    }

    /** The second API repeats its key in its links, as some do. */
    @Test
    void readsEachSectionFromItsApiWithItsCredentials() throws IOException {
        try (LocalServer works = new LocalServer(NamedApisRouteTest::works);
                RouteApplication application = application()
                        .with("colleagues.apis.works.base-url", works.url() + "/v2")
                        .start()) {
            Batch batch = batch(application);

            assertThat(batch.exitCode()).isEqualTo(1);
            assertThat(works.requests())
                    .extracting(Request::target)
                    .containsExactlyInAnyOrder(
                            "/v2/authors/ada?size=1&api_key=key+of+works",
                            "/v2/authors/ada?size=1&page=2&api_key=key+of+works",
                            "/v2/authors/bob?size=1&api_key=key+of+works");
            assertThat(works.requests())
                    .allSatisfy(request -> assertThat(request.headers()).doesNotContainKey("Authorization"));
            assertThat(people.requests()).allSatisfy(request -> {
                assertThat(request.headers().getFirst("Authorization")).isEqualTo("Bearer token-of-people");
                assertThat(request.target()).doesNotContain("api_key");
            });
            Path csv = application.csv();
            assertThat(csv.resolve("works/" + batch.id() + ".csv"))
                    .hasContent("person_id,title\nada,First\nada,Second");
            assertThat(csv.resolve("works/" + batch.id() + ".errors.csv"))
                    .hasContent("person_id,url,reason,status,attempts\nbob," + works.url()
                            + "/v2/authors/bob?size=1,page 1: HTTP 404 Not Found,404,1");
            assertThat(application.bean(ApiGate.class).states())
                    .containsOnly(
                            Map.entry("default " + people.url().getAuthority(), State.CLOSED),
                            Map.entry("works " + works.url().getAuthority(), State.CLOSED));
        }
    }

    private static Answer works(Request request) {
        if (request.target().contains("bob")) {
            return Answer.status(404);
        }
        return request.target().contains("page=2")
                ? Answer.ok("{\"works\":[{\"title\":\"Second\"}]}")
                : Answer.ok("{\"works\":[{\"title\":\"First\"}],\"next\":\"?size=1&api_key=key+of+works&page=2\"}");
    }

    @Test
    void outageOfOneApiStopsOnlyItsOwnIndexers(CapturedOutput output) {
        LocalServer gone = new LocalServer(request -> Answer.status(404));
        gone.close();
        list = TWENTY_PEOPLE;
        try (RouteApplication application = application()
                .with("colleagues.apis.works.base-url", gone.url())
                .with("colleagues.apis.works.retry.first-delay", "1ms")
                .with("colleagues.apis.works.retry.attempts", 2)
                .with("colleagues.apis.works.patience", "300ms")
                .with("colleagues.apis.works.probe-every", "10ms")
                .start()) {
            Batch batch = batch(application);

            Map<String, String> states = batch.runs().stream()
                    .collect(Collectors.toMap(Run::indexer, run -> run.state().toString()));
            assertThat(states).containsEntry("patents", "completed").containsEntry("works", "paused");
            assertThat(output).contains("the API works at " + gone.url().getAuthority() + " is failing: ");
            assertThat(application.bean(ApiGate.class).states())
                    .containsEntry("default " + people.url().getAuthority(), State.CLOSED);
        }
    }

    private static Batch batch(RouteApplication application) {
        Exchange ended = application.send("index-all", "test");
        return ended.getMessage().getBody(Batch.class);
    }
}
