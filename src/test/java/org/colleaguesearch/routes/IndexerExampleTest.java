package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.colleaguesearch.indexing.Indexers;
import org.colleaguesearch.runs.Batch;
import org.colleaguesearch.runs.Run;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

/** The example of docs/routes.md, run as its reader would: a new indexer is one more file in routes/indexers/. */
class IndexerExampleTest {
    private static final Pattern EXAMPLE = Pattern.compile(
            "(?s)\\n## Add an indexer\\n.*?```yaml\\n(# site/routes/(indexers/[\\w-]+\\.camel\\.yaml)\\n.*?)```");

    private static final Map<String, String> ANSWERS = Map.of(
            "/people?active=true&page=1&size=500",
            """
                    {"items":[{"id":"ada","name":"Ada"},{"id":"b/b","name":"Bob"},{"id":"cy","name":"Cy"}],"next":null}""",
            "/people/ada/publications",
            """
                    {"id":"ada","publications":[
                     {"title":"On lamps, and others","journal":"Light","year":1999},
                     {"title":"More on lamps","journal":null,"year":2001,"pages":7}]}""",
            "/people/b%2Fb/publications",
            """
                    {"id":"b/b","publications":[{"title":"=1+1","journal":"\\"Sums\\"","year":2010}]}""",
            "/people/cy/publications",
            """
                    {"id":"cy","publications":[]}""");

    @Test
    void indexesTheSectionOfTheExample(@TempDir Path folder) throws IOException {
        FileSystemUtils.copyRecursively(Path.of("routes"), folder.resolve("routes"));
        Matcher example = EXAMPLE.matcher(Files.readString(Path.of("docs/routes.md")));
        assertThat(example.find()).as("docs/routes.md has the example").isTrue();
        Path file = folder.resolve("routes").resolve(example.group(2));
        assertThat(file).doesNotExist();
        Files.writeString(file, example.group(1));

        try (LocalServer api = new LocalServer(IndexerExampleTest::answer);
                RouteApplication application = RouteApplication.in(folder.resolve("routes"))
                        .with("colleagues.apis.default.base-url", api.url())
                        .with("colleagues.run-at-start", false)
                        .with("colleagues.indexing.only", "publications")
                        .start()) {
            Exchange ended = application.send("index-all", "test");

            Batch batch = ended.getMessage().getBody(Batch.class);
            assertThat(batch.runs()).extracting(Run::indexer).containsExactly("publications");
            assertThat(batch.exitCode()).isZero();
            Path csv = application.csv().resolve("publications");
            assertThat(Files.readString(csv.resolve(batch.id() + ".csv"))).isEqualTo("""
                            person_id,title,journal,year\r
                            ada,"On lamps, and others",Light,1999\r
                            ada,More on lamps,,2001\r
                            b/b,'=1+1,"\""Sums""\",2010\r
                            """);
            assertThat(csv.resolve(batch.id() + ".errors.csv")).hasContent("person_id,url,reason,status,attempts");
            assertThat(application.bean(Indexers.class).get("publications").pool())
                    .isEqualTo("fetch");
        }
    }

    private static LocalServer.Answer answer(LocalServer.Request request) {
        String body = ANSWERS.get(request.target());
        return body == null ? LocalServer.Answer.status(404) : LocalServer.Answer.ok(body);
    }
}
