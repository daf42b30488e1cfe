package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.colleaguesearch.failure.RequestRefused;
import org.colleaguesearch.failure.RequestRefused.Kind;
import org.colleaguesearch.ledger.Ledger;
import org.colleaguesearch.tooling.dryrun.DryRunReport;
import org.colleaguesearch.tooling.dryrun.DryRunReport.Failure;
import org.colleaguesearch.tooling.dryrun.DryRunReport.Tried;
import org.colleaguesearch.tooling.dryrun.DryRuns;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.FileSystemUtils;

@ResourceLock(SharedApplication.ONE_AT_A_TIME)
class DryRunRouteTest {
    private static final int PLACES = 4;

    @RegisterExtension
    static final SharedApplication API = SharedApplication.RUNS;

    @Test
    void reportsWhatWouldBeWrittenAndWritesNothing() {
        SharedApplication.api = DryRunRouteTest::answer;
        FileSystemUtils.deleteRecursively(API.application().csv().toFile());

        DryRunReport report = dryRun(2);

        assertThat(report.header()).isEqualTo("person_id,title,year");
        assertThat(report.people()).extracting(Tried::id).containsExactly("ada", "bob");
        Tried first = report.people().getFirst();
        assertThat(first.url()).isEqualTo("http://people.test/people/ada/sample");
        assertThat(first.responses()).containsExactly(Sample.json("""
                {"sample":[{"title":"ada","year":1},{"title":"=1+1"}]}"""));
        assertThat(first.document()).isEqualTo(Sample.json("""
                {"active":true,"id":"ada","name":"ADA","sample":[{"title":"ada","year":1},{"title":"=1+1"}]}"""));
        assertThat(first.rows()).containsExactly("ada,ada,1", "ada,'=1+1,");
        assertThat(report.failed()).isZero();
        assertThat(report.notes()).isEmpty();
        assertThat(API.bean(Ledger.class).newest()).isEmpty();
        assertThat(Stream.of("chunk", "run", "person")
                        .map(table -> API.bean(JdbcClient.class)
                                .sql("select count(*) from " + table)
                                .query(Long.class)
                                .single()))
                .containsOnly(0L);
        assertThat(API.application().csv()).doesNotExist();
    }

    @Test
    void keepsTheOthersWhenTheFirstFails() {
        SharedApplication.api = exchange -> {
            if (url(exchange).contains("/ada/")) {
                throw Sample.status(503, null);
            }
            answer(exchange);
        };

        DryRunReport report = dryRun(3);

        assertThat(report.failed()).isEqualTo(1);
        Tried first = report.people().getFirst();
        assertThat(first.error()).isEqualTo(new Failure("HTTP 503 Service Unavailable", 503));
        assertThat(first.attempts()).isEqualTo(2);
        assertThat(first.document()).isNull();
        assertThat(first.responses()).isEmpty();
        assertThat(report.people().get(1).rows()).hasSize(2);
    }

    @Test
    void showsTheAnswerThatGaveNoSection() {
        SharedApplication.api = exchange -> {
            boolean isList = url(exchange).contains("/people?");
            answer(exchange);
            if (!isList) {
                exchange.getMessage().setBody(Sample.json("{\"sample\":\"none\"}"));
            }
        };

        DryRunReport report = dryRun(3);

        assertThat(report.failed()).isEqualTo(3);
        assertThat(report.people())
                .allSatisfy(
                        tried -> assertThat(tried.responses()).containsExactly(Sample.json("{\"sample\":\"none\"}")))
                .extracting(tried -> tried.error().reason())
                .containsOnly("the section is not a list of objects: check 'section'");
    }

    @Test
    void saysWhichColumnsNoItemHasAFieldFor() {
        SharedApplication.api = exchange -> {
            boolean isList = url(exchange).contains("/people?");
            answer(exchange);
            if (!isList) {
                exchange.getMessage().setBody(Sample.json("{\"sample\":[{\"titel\":\"a\"},{\"year\":null}]}"));
            }
        };

        assertThat(dryRun(2).notes())
                .containsExactly(
                        "no item has a field for column 'title', so its cells are empty; did you mean" + " 'titel'?");
    }

    @Test
    void hasJqsReasonWhereItCannotTakeTheSection() {
        SharedApplication.api = exchange -> {
            boolean isList = url(exchange).contains("/people?");
            answer(exchange);
            if (!isList) {
                exchange.getMessage().setBody(Sample.json("[1]"));
            }
        };

        DryRunReport report = dryRun(1);

        assertThat(report.people().getFirst().error().reason())
                .isEqualTo("cannot extract the section from the response: check 'section' (jq: Cannot index array with"
                        + " string \"sample\")");
        assertThat(report.notes()).isEmpty();
    }

    @Test
    void refusesMoreAtOnceThanThereArePlaces() throws Exception {
        Door door = new Door(DryRunRouteTest::answer);
        SharedApplication.api = door;
        List<CompletableFuture<DryRunReport>> held = Stream.generate(
                        () -> CompletableFuture.supplyAsync(() -> dryRun(1)))
                .limit(PLACES)
                .toList();
        door.awaitHeld(PLACES);

        assertThat(failure(1).kind()).isEqualTo(Kind.UNAVAILABLE);
        door.open();

        for (CompletableFuture<DryRunReport> each : held) {
            assertThat(each.get(20, TimeUnit.SECONDS).failed()).isZero();
        }
        assertThat(dryRun(1).failed()).isZero();
    }

    @Test
    void failedOnesGiveTheirPlacesBack() {
        for (int i = 0; i <= PLACES; i++) {
            assertThat(failure(1))
                    .hasMessage("the dry run failed: http://people.test/people?active=true&page=1&size=500:"
                            + " HTTP 404 Not Found")
                    .extracting(RequestRefused::kind)
                    .isEqualTo(Kind.SOURCE_FAILED);
        }
    }

    private static DryRunReport dryRun(int limit) {
        return API.bean(ProducerTemplate.class)
                .requestBody("direct:dry-run", API.bean(DryRuns.class).of("sample", limit), DryRunReport.class);
    }

    private static RequestRefused failure(int limit) {
        try {
            throw new AssertionError(dryRun(limit));
        } catch (CamelExecutionException e) {
            return (RequestRefused) e.getCause();
        }
    }

    private static String url(Exchange exchange) {
        return exchange.getMessage().getBody(String.class);
    }

    private static void answer(Exchange exchange) {
        String url = url(exchange);
        exchange.getMessage()
                .setBody(
                        url.contains("/people?")
                                ? Sample.page(null, "ada", "bob", "cy")
                                : Sample.json("{\"sample\":[{\"title\":\"%s\",\"year\":1},{\"title\":\"=1+1\"}]}"
                                        .formatted(url.replaceFirst(".*/people/(.*)/sample", "$1"))));
    }
}
