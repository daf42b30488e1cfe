package org.colleaguesearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.colleaguesearch.sweep.IndexerRemoval;
import org.colleaguesearch.sweep.IndexerRemoval.Remains;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What an indexer leaves whose file is gone, and its removal, on a real OpenSearch. */
@Timeout(600)
class IndexerRemovalIT {
    private static final Index INDEX = new Index("it-removal");

    /** As if the file of the indexer were gone. */
    private static final String WITHOUT_GEOGRAPHY =
            "--camel.main.routes-exclude-pattern=**/.*,**/rest.camel.yaml,**/geography.camel.yaml";

    @TempDir
    Path folder;

    @Test
    void removesFieldFilesAndRowsOfAnIndexerThatIsGone() throws Exception {
        List<ObjectNode> people = SamplePeople.madeUp(30);
        people.get(3).putArray("geography");
        try (FaultyApi api = new FaultyApi(people)) {
            String url = "--colleagues.apis.default.base-url=" + api.url();
            App.once(folder, INDEX.arguments(url));
            Map<String, ObjectNode> before = INDEX.documents();
            try (App app = App.start(folder, INDEX.arguments(url))) {
                IndexerRemoval removal = app.bean(IndexerRemoval.class);
                assertThatThrownBy(() -> removal.find("geography"))
                        .hasMessage("the indexer geography is still declared below routes/indexers/: remove its block"
                                + " first");
                assertThatThrownBy(() -> removal.find("../csv"))
                        .hasMessageStartingWith("invalid indexer name '../csv'");
                assertThatThrownBy(() -> removal.find("name")).hasMessageContaining("it is a field of the person");
                assertThat(removal.find("geografy").isNothing()).isTrue();
            }
            try (App app = App.start(folder, INDEX.arguments(url, WITHOUT_GEOGRAPHY))) {
                IndexerRemoval removal = app.bean(IndexerRemoval.class);
                refusesWhileARunIsUnfinished(app, removal);

                Remains remains = removal.find("geography");

                assertThat(remains.toString()).isEqualTo("""
                                  index   documents with the field geography: 30
                                  files   in %s: 2
                                  ledger  runs: 1, chunks: 1, failed URLs: 0, sections: 30""".formatted(folder.resolve("csv/geography"))
                        .indent(2)
                        .stripTrailing());
                assertThat(INDEX.documents()).isEqualTo(before);

                ByteArrayOutputStream out = new ByteArrayOutputStream();
                removal.remove(remains, new PrintStream(out, true, StandardCharsets.UTF_8));

                assertThat(out.toString(StandardCharsets.UTF_8)).contains("documents rewritten: 30");
                before.values().forEach(person -> person.remove("geography"));
                assertThat(INDEX.documents()).isEqualTo(before);
                assertThat(folder.resolve("csv/geography")).doesNotExist();
                assertThat(App.files(folder.resolve("csv/patents"))).hasSize(2);
                assertThat(rows(app, "geography")).isZero();
                assertThat(rows(app, "patents")).isEqualTo(1);
                assertThat(removal.find("geography").isNothing()).isTrue();
                // It is repeatable, as after a kill.
                removal.remove(remains, new PrintStream(out, true, StandardCharsets.UTF_8));
                assertThat(INDEX.documents()).isEqualTo(before);
            }
        }
    }

    @Test
    void commandShowsBeforeItRemoves() throws Exception {
        Packaged packaged = Packaged.unpackedIn(folder.resolve("packaged"));
        Path csv = packaged.folder().resolve("out/csv/works");
        Files.createDirectories(csv);
        Files.writeString(csv.resolve("20261123T020000000Z.csv"), "person_id,title");
        String[] arguments = {"remove-indexer", "works", "--colleagues.deliver-to=csv"};

        Packaged.Ended shown = packaged.run(arguments);

        assertThat(shown.exitCode()).as(shown.err()).isZero();
        assertThat(shown.out()).isEqualTo("""
                would remove, with --yes:
                  index   documents with the field works: 0
                  files   in out/csv/works: 1
                  ledger  runs: 0, chunks: 0, failed URLs: 0, sections: 0
                """);
        assertThat(csv).isNotEmptyDirectory();

        Packaged.Ended removed = packaged.run("remove-indexer", "works", "--yes", "--colleagues.deliver-to=csv");

        assertThat(removed.exitCode()).as(removed.err()).isZero();
        assertThat(removed.out()).startsWith("removing\n").endsWith("removed the indexer works\n");
        assertThat(csv).doesNotExist();
    }

    private static void refusesWhileARunIsUnfinished(App app, IndexerRemoval removal) {
        JdbcClient sql = app.bean(JdbcClient.class);
        sql.sql("update run set state = 'paused' where indexer = 'geography'").update();
        assertThatThrownBy(() -> removal.find("geography"))
                .hasMessageMatching(
                        "the run of geography in batch \\d{8}T\\d{9}Z has not ended: start the service, or run"
                                + " 'once', which ends it, and try again");
        sql.sql("update run set state = 'completed' where indexer = 'geography'")
                .update();
    }

    private static long rows(App app, String indexer) {
        return app.bean(JdbcClient.class)
                .sql("select count(*) from run where indexer = ?")
                .param(indexer)
                .query(Long.class)
                .single();
    }
}
