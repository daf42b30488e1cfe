package org.colleaguesearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.colleaguesearch.FaultyApi.instead;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.colleaguesearch.runs.Batch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** The result of a retry in the index, the files and the ledger. */
@Timeout(900)
class RetryErrorsIT {
    private static final int PEOPLE = 40;
    /** Ids that CSV files show with an apostrophe or in quotes. */
    private static final List<String> ODD = List.of("=p", "+1+1", "-5", "@a,b", "'x", "say \"x\"");

    private final List<ObjectNode> people = people();

    @TempDir
    Path folder;

    @Test
    void repairsIndexFilesAndLedgerAsIfNothingHadFailed() throws IOException {
        Index index = new Index("it-retry");
        Index undisturbed = new Index("it-retry-undisturbed");
        try (FaultyApi api = new FaultyApi(people)) {
            List<String> failing = new ArrayList<>(ODD);
            // The first and last of a chunk, two in a row, the last of all, and all of chunk 3.
            failing.addAll(List.of("p3", "p4", "p13", "p33"));
            for (int i = 14; i < 24; i++) {
                failing.add("p" + i);
            }
            failing.forEach(id -> api.first(FaultyApi.path(id, "patents"), instead(Replies.error(404))));
            api.first(FaultyApi.path("p5", "geography"), instead(Replies.error(403)));
            try (App app = App.start(folder, index.arguments(arguments(api)))) {
                Batch batch = app.runBatch("test");
                assertThat(batch.exitCode()).isEqualTo(1);
                assertThat(App.errors(folder, "patents")).hasSize(failing.size());

                Batch retried = app.retryErrors(batch.id());

                assertThat(retried.exitCode()).isZero();
                assertThat(retried.id()).isEqualTo(batch.id());
            }
            assertThat(failing)
                    .allSatisfy(id ->
                            assertThat(api.calls(FaultyApi.path(id, "patents"))).isEqualTo(2));
            assertThat(api.calls(FaultyApi.path("p5", "geography"))).isEqualTo(2);
            assertThat(api.calls(FaultyApi.path("p0", "patents"))).isEqualTo(1);
            assertThat(api.calls(FaultyApi.path("p3", "functions"))).isEqualTo(1);
            App.once(folder.resolve("undisturbed"), undisturbed.arguments(arguments(api)));
        }

        assertThat(index.documents()).hasSize(PEOPLE).isEqualTo(undisturbed.documents());
        for (String section : SamplePeople.SECTIONS) {
            for (String suffix : List.of(".csv", ".errors.csv")) {
                assertThat(App.file(folder, section, suffix))
                        .as(section + suffix)
                        .hasSameTextualContentAs(App.file(folder.resolve("undisturbed"), section, suffix));
            }
            assertThat(App.files(folder.resolve("csv").resolve(section)))
                    .as("no part is left")
                    .hasSize(2);
        }
        assertThat(ledger("select sum(errors) from chunk")).containsExactly("0");
        assertThat(ledger("select count(*) from failed_url")).containsExactly("0");
        assertThat(ledger("select sum(urls) || ' ' || sum(documents) from chunk"))
                .containsExactly(4 * PEOPLE + " " + 4 * PEOPLE);
        assertThat(ledger("select sum(csv_rows) from chunk where indexer = 'patents'"))
                .containsExactly("" + SamplePeople.items(people, "patents"));
        assertThat(ledger("select state from batch union all select distinct state from run"))
                .containsExactly("completed", "completed");
        assertThat(ledger("select id from person")).isEmpty();
    }

    @Test
    void urlsThatFailAgainRemainErrorsAndCanBeRetriedAgain() throws IOException {
        Index index = new Index("it-retry-again");
        String lasting = FaultyApi.path("=p", "patents");
        try (FaultyApi api = new FaultyApi(people)) {
            api.first(FaultyApi.path("p4", "patents"), instead(Replies.error(404)));
            api.always(lasting, instead(Replies.error(404)));
            try (App app = App.start(folder, index.arguments(arguments(api)))) {
                Batch batch = app.runBatch("test");
                assertThat(App.errors(folder, "patents")).hasSize(2);

                assertThat(app.retryErrors(batch.id()).exitCode()).isEqualTo(1);

                assertThat(App.errors(folder, "patents"))
                        .singleElement()
                        .satisfies(error -> assertThat(error)
                                .containsEntry("person_id", "'=p")
                                .containsEntry("status", "404"));
                assertThat(index.documents().get("=p").has("patents")).isFalse();
                assertThat(index.documents().get("p4").has("patents")).isTrue();

                api.always(lasting, good -> good);
                assertThat(app.retryErrors(batch.id()).exitCode()).isZero();
            }
            assertThat(api.calls(lasting)).isEqualTo(3);
            assertThat(api.calls(FaultyApi.path("p4", "patents"))).isEqualTo(2);
        }
        assertThat(App.errors(folder, "patents")).isEmpty();
        assertThat(App.rows(folder, "patents")).hasSize((int) SamplePeople.items(people, "patents"));
        assertThat(index.documents().values()).containsExactlyInAnyOrderElementsOf(people);
    }

    /** With an index so small that a sweep would empty it. */
    @Test
    void nothingToRetryChangesNothing() throws IOException {
        Index index = new Index("it-retry-nothing");
        List<ObjectNode> few = SamplePeople.madeUp(8);
        try (FaultyApi api = new FaultyApi(few);
                App app = App.start(folder, index.arguments(arguments(api)))) {
            Batch batch = app.runBatch("test");
            int calls = api.calls().size();
            String rows = Files.readString(App.file(folder, "patents", ".csv"));

            assertThat(app.retryErrors(batch.id()).exitCode()).isZero();

            assertThat(api.calls())
                    .hasSize(calls)
                    .allSatisfy((path, count) -> assertThat(count).isEqualTo(1));
            assertThat(App.file(folder, "patents", ".csv")).hasContent(rows);
            assertThat(index.documents().values()).containsExactlyInAnyOrderElementsOf(few);
        }
    }

    /** No failed URL is left; only the parts show that the files are not in place yet. */
    @Test
    void nextRetryFinishesOneThatCouldNotPublishItsFiles() throws IOException {
        try (FaultyApi api = new FaultyApi(people)) {
            api.first(FaultyApi.path("p4", "patents"), instead(Replies.error(404)));
            try (App app = App.start(folder, arguments(api))) {
                Batch batch = app.runBatch("test");
                Path rows = App.file(folder, "patents", ".csv");
                Files.delete(rows);
                Path inTheWay = Files.createDirectories(rows.resolve("in-the-way"));

                assertThat(app.retryErrors(batch.id()).exitCode()).isEqualTo(2);
                assertThat(api.calls(FaultyApi.path("p4", "patents"))).isEqualTo(2);

                Files.delete(inTheWay);
                Files.delete(rows);
                assertThat(app.retryErrors(batch.id()).exitCode()).isZero();
                assertThat(api.calls(FaultyApi.path("p4", "patents"))).isEqualTo(2);
            }
        }
        assertThat(App.rows(folder, "patents")).hasSize((int) SamplePeople.items(people, "patents"));
        assertThat(App.errors(folder, "patents")).isEmpty();
        assertThat(App.files(folder.resolve("csv/patents")))
                .as("no part is left")
                .hasSize(2);
    }

    /** {@code p0} to {@code p33}, some of the first replaced by unusual ids. */
    private static List<ObjectNode> people() {
        List<ObjectNode> all = SamplePeople.madeUp(PEOPLE - ODD.size());
        for (int i = 0; i < ODD.size(); i++) {
            all.add(2 * i, SamplePeople.person(ODD.get(i), 2 * i + 7));
        }
        return all;
    }

    private static String[] arguments(FaultyApi api) {
        return new String[] {
            "--colleagues.apis.default.base-url=" + api.url(), "--colleagues.indexing.batch-size=10",
        };
    }

    private List<String> ledger(String query) {
        String url = "jdbc:h2:file:" + folder.resolve("ledger") + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE";
        return JdbcClient.create(new DriverManagerDataSource(url, "", ""))
                .sql(query)
                .query((row, number) -> row.getString(1))
                .list();
    }
}
