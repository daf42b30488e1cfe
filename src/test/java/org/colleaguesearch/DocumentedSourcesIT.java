package org.colleaguesearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.colleaguesearch.ScriptedServer.Reply;
import org.colleaguesearch.ScriptedServer.Request;
import org.colleaguesearch.ledger.State;
import org.colleaguesearch.runs.Batch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.util.FileSystemUtils;

/**
 * Five APIs of different kinds, each with its own host and credentials, are read with the settings and indexers of
 * docs/sources.md, word for word. Each of their URLs fails once.
 */
@Timeout(600)
class DocumentedSourcesIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern BLOCK = Pattern.compile("(?s)```yaml\\n(.*?)```");
    private static final Pattern INDEXER = Pattern.compile("# site/(routes/indexers/\\S+)");
    private static final int PEOPLE = 30;
    private static final String KEY = "query-key-hunter2";
    private static final String PASSWORD = "basic-hunter2";

    /** Below the working folder, as own routes must be. */
    private final Path site = Path.of("target", "it-sources");

    private volatile String refused = "nothing";
    private final Set<String> called = ConcurrentHashMap.newKeySet();
    private final ScriptedServer staff = server(this::staff);
    private final ScriptedServer works = server(this::works);
    private final ScriptedServer directory = server(this::offices);
    private final ScriptedServer graph = server(this::projects);
    private final ScriptedServer learning = server(this::completions);

    @TempDir
    Path folder;

    @BeforeEach
    void writeTheDocumentedFiles() throws IOException {
        FileSystemUtils.deleteRecursively(site);
        Matcher blocks = BLOCK.matcher(Files.readString(Path.of("docs/sources.md")));
        while (blocks.find()) {
            Matcher indexer = INDEXER.matcher(blocks.group(1));
            boolean isPeople = blocks.group(1).contains("path: /staff");
            if (indexer.lookingAt() || isPeople) {
                Path file = site.resolve(isPeople ? "application.yml" : indexer.group(1));
                Files.createDirectories(file.getParent());
                Files.writeString(file, blocks.group(1));
            }
        }
    }

    @AfterEach
    void close() throws IOException {
        for (ScriptedServer server : List.of(staff, works, directory, graph, learning)) {
            server.close();
        }
    }

    @Test
    void fiveApisAreReadAsDocumented(CapturedOutput output) throws IOException {
        Index index = new Index("it-sources");

        Batch batch = App.once(folder, arguments(index));

        // One person's projects cannot be read.
        assertThat(batch.exitCode()).isEqualTo(1);
        assertThat(batch.runs())
                .allSatisfy(run -> assertThat(run.state()).isEqualTo(State.COMPLETED))
                .extracting(run -> run.indexer())
                .containsExactly("offices", "projects", "trainings", "works");
        assertThat(index.documents()).hasSize(PEOPLE);
        assertThat(index.documents().get("1")).isEqualTo(json("""
                {"id":"1","name":"Person 1","active":true,
                 "offices":[{"building":"A","room":"1"},{"building":"B","room":"1"}],
                 "projects":[{"title":"Project \\"1\\"","role":"lead"}],
                 "trainings":[{"course":"C1","completed":"2025"},{"course":"C101","completed":"2025"},{"course":"C201","completed":"2025"}],
                 "works":[{"title":"Work 1","year":2024},{"title":"Work 2","year":2025}]}"""));
        // Without an ORCID.
        assertThat(index.documents().get("2").get("works")).isEmpty();
        assertThat(index.documents().get("2").get("trainings")).isEmpty();
        assertThat(index.documents().get("3").has("projects")).isFalse();

        assertThat(App.errors(folder, "projects"))
                .singleElement()
                .satisfies(error -> assertThat(error)
                        .containsEntry("person_id", "3")
                        .containsEntry("url", graph.url() + "/graphql")
                        .hasEntrySatisfying(
                                "reason", reason -> assertThat(reason).contains("the GraphQL response has errors")));
        assertThat(App.rows(folder, "offices")).hasSize(2 * PEOPLE);
        assertThat(App.rows(folder, "works"))
                .hasSize(2 * (PEOPLE - 1))
                .first()
                .isEqualTo(Map.of("person_id", "1", "title", "Work 1", "year", "2024"));
        assertThat(App.rows(folder, "trainings")).hasSize(3 * (PEOPLE - 1));
        assertThat(output.getOut())
                .contains("run trainings: the feed has 250 items, 163 of them of nobody in the list of people")
                .doesNotContain("with the same orcid");
        for (Path file : App.files(folder)) {
            assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                    .as(file.toString())
                    .doesNotContain(KEY, PASSWORD);
        }
        assertThat(output.getAll()).doesNotContain(KEY, PASSWORD);
    }

    /** The demo has all of these APIs. */
    @Test
    void examplesAreTheDocumentedIndexersAndReadTheDemo() throws IOException {
        for (Path example : App.files(Path.of("routes/examples"))) {
            String documented = Files.readString(site.resolve("routes/indexers").resolve(example.getFileName()));
            assertThat(withoutComment(example)).isEqualTo(documented.substring(documented.indexOf('\n')));
        }

        Batch batch = App.once(
                folder,
                "--spring.config.additional-location=file:" + site.resolve("application.yml"),
                "--colleagues.routes.folders=" + site.resolve("routes"),
                "--colleagues.routes.exclude=routes/indexers/**");

        assertThat(batch.exitCode()).isZero();
        assertThat(batch.runs())
                .extracting(run -> run.indexer() + " " + run.counts().rows())
                .containsExactly("offices 423", "projects 718", "trainings 432", "works 1131");
    }

    private static String withoutComment(Path file) throws IOException {
        String text = Files.readString(file);
        return text.substring(text.indexOf('\n'));
    }

    @Test
    void sectionIsSearchedAsDocumented() throws IOException {
        Index index = new Index("it-sources-search");
        try (App app = App.start(folder, arguments(index))) {
            app.runBatch("test");
            index.count();

            JsonNode found = app.call(
                    "expertise-search",
                    "{\"query\":\"work\",\"filters\":{\"works.year\":[\"2025\"]},\"facets\":[\"works.year\"]}",
                    Map.of());

            assertThat(found.get("total").asInt()).isEqualTo(PEOPLE - 1);
            assertThat(found.at("/hits/0/works")).isNotEmpty();
            assertThat(found.at("/facets/works.year"))
                    .isEqualTo(json("[{\"value\":\"2024\",\"count\":29},{\"value\":\"2025\",\"count\":29}]"));
        }
    }

    @Test
    void dryRunsReadTheFirstPageOfAFeedAndNameThoseWhoAreNotCalled() {
        try (App app = App.start(folder, arguments(new Index("it-sources-dry")))) {
            assertThat(app.dryRun("trainings", 1).people())
                    .singleElement()
                    .satisfies(tried -> assertThat(
                                    tried.document().get("trainings").toString())
                            .isEqualTo("[{\"course\":\"C1\",\"completed\":\"2025\"}]"));
            assertThat(app.dryRun("works", 3).notes())
                    .singleElement()
                    .asString()
                    .startsWith("2: ")
                    .contains("lacks orcid", "colleagues.people.fields");
        }
        assertThat(called).filteredOn(url -> url.contains("/completions")).hasSize(1);
    }

    @Test
    void peopleWithTheSameValueAllGetItsItemsWithAWarning(CapturedOutput output) throws IOException {
        Index index = new Index("it-sources-shared");
        String[] arguments = arguments(
                index,
                "--colleagues.indexing.only=trainings",
                "--colleagues.people.fields.orcid=if .key <= 3 then \"x\\n\\u0007y\" elif .key >= 6 and .key <= 7 then"
                        + " \"o-6\" else .ids.orcid end");

        assertThat(App.once(folder, arguments).exitCode()).isZero();

        assertThat(index.documents().get("1").get("trainings")).isEmpty();
        assertThat(index.documents().get("6").get("trainings")).hasSize(3);
        assertThat(index.documents().get("7").get("trainings"))
                .isEqualTo(index.documents().get("6").get("trainings"));
        assertThat(output.getOut())
                .containsOnlyOnce("run trainings: people with the same orcid all get its items; values of several"
                        + " people: 2 (x \uFFFDy, o-6)");
    }

    @Test
    void feedContinuesAtThePageWhereItStopped() throws IOException {
        Index index = new Index("it-sources-resumed");
        refused = "offset=200";
        String[] arguments = arguments(index, "--colleagues.indexing.only=trainings");

        assertThat(App.once(folder, arguments).exitCode()).isEqualTo(2);
        assertThat(index.documents().values()).noneMatch(person -> person.has("trainings"));
        List<String> before = List.copyOf(called);
        called.clear();
        refused = "nothing";

        try (App app = App.start(folder, arguments)) {
            assertThat(app.resume())
                    .singleElement()
                    .satisfies(batch -> assertThat(batch.exitCode()).isZero());
        }
        assertThat(before).filteredOn(url -> url.startsWith("/completions")).hasSize(3);
        assertThat(called)
                .filteredOn(url -> url.startsWith("/completions"))
                .containsExactly("/completions?limit=100&offset=200");
        assertThat(App.rows(folder, "trainings")).hasSize(3 * (PEOPLE - 1));
        // The items are gone when the run has ended.
        assertThat(keptSlices()).isZero();
    }

    @Test
    void feedOfARunThatDidNotCompleteGoesAfterTheNextBatch() throws IOException {
        refused = "offset=200";
        String[] arguments = arguments(new Index("it-sources-superseded"), "--colleagues.indexing.only=trainings");
        assertThat(App.once(folder, arguments).exitCode()).isEqualTo(2);
        assertThat(keptSlices()).isPositive();
        refused = "nothing";

        try (App app = App.start(folder, arguments)) {
            app.runBatch("test");
        }

        assertThat(keptSlices()).isZero();
    }

    @Test
    void failedUrlsOfAFeedAreLeftOutOfRetries(CapturedOutput output) throws IOException {
        Path indexer = site.resolve("routes/indexers/trainings.camel.yaml");
        Files.writeString(
                indexer,
                Files.readString(indexer)
                        .replace("[.[] | {course, completed}]", "if .[0].course == \"C1\" then error else . end"));
        Index index = new Index("it-sources-retry");
        String message =
                "the failed URLs of trainings in batch %s are those of a bulk feed, whose items are gone: start"
                        + " a new run of trainings";

        try (App app = App.start(folder, arguments(index, "--colleagues.indexing.only=trainings,projects"))) {
            String batch = app.runBatch("test").id();
            assertThat(App.errors(folder, "trainings")).hasSize(1);
            assertThat(App.errors(folder, "projects")).hasSize(1);

            Batch retried = app.retryErrors(batch);

            assertThat(retried.exitCode()).isEqualTo(1);
            assertThat(output.getOut())
                    .contains(message.formatted(batch), "batch " + batch + " reopened to retry 1 failed URLs");
        }
        try (App app = App.start(folder, arguments(index, "--colleagues.indexing.only=trainings"))) {
            String batch = app.runBatch("test").id();

            assertThatThrownBy(() -> app.retryErrors(batch)).hasRootCauseMessage(message.formatted(batch));
        }
    }

    private long keptSlices() {
        return JdbcClient.create(new DriverManagerDataSource(
                        "jdbc:h2:file:" + folder.resolve("ledger") + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE", "", ""))
                .sql("select count(*) from feed_slice")
                .query(Long.class)
                .single();
    }

    @Test
    void feedIsReadAgainWhenItsIndexerHasChanged() throws IOException {
        Index index = new Index("it-sources-changed");
        String[] arguments = arguments(index, "--colleagues.indexing.only=trainings");
        Path indexer = site.resolve("routes/indexers/trainings.camel.yaml");
        String documented = Files.readString(indexer);
        Files.writeString(indexer, documented.replace(".user.orcid", ".course"));
        refused = "offset=200";
        assertThat(App.once(folder, arguments).exitCode()).isEqualTo(2);
        Files.writeString(indexer, documented);
        called.clear();
        refused = "nothing";

        try (App app = App.start(folder, arguments)) {
            assertThat(app.resume())
                    .singleElement()
                    .satisfies(batch -> assertThat(batch.exitCode()).isZero());
        }
        assertThat(called).filteredOn(url -> url.startsWith("/completions")).hasSize(3);
        assertThat(App.rows(folder, "trainings")).hasSize(3 * (PEOPLE - 1));
    }

    @Test
    void valueThatNobodyHasEmptiesNothing(CapturedOutput output) {
        Index index = new Index("it-sources-values");
        String[] arguments =
                arguments(index, "--colleagues.indexing.only=works", "--colleagues.people.fields.orcid=.nothing");

        Batch batch = App.once(folder, arguments);

        assertThat(batch.exitCode()).isEqualTo(2);
        // Not paused: when the batch is resumed, it would have the same people.
        assertThat(batch.state()).isEqualTo(State.FAILED);
        assertThat(output.getOut()).contains("nobody in the list of people has orcid, which the indexer works needs");
        assertThat(index.documents()).isEmpty();
    }

    @Test
    void feedOfNobodyEmptiesNothing(CapturedOutput output) {
        Index index = new Index("it-sources-nobody");
        String[] arguments = arguments(index, "--colleagues.people.fields.orcid=.key");

        Batch batch = App.once(folder, arguments);

        assertThat(batch.exitCode()).isEqualTo(2);
        assertThat(batch.run("trainings").state()).isEqualTo(State.FAILED);
        assertThat(output.getOut()).contains("none of the 250 items of the feed is of a person in the list of people");
        assertThat(index.documents().values()).noneMatch(person -> person.has("trainings"));
    }

    private String[] arguments(Index index, String... others) {
        List<String> all = new ArrayList<>(List.of(
                "--spring.config.additional-location=file:" + site.resolve("application.yml"),
                "--colleagues.routes.folders=" + site.resolve("routes"),
                "--colleagues.routes.exclude=routes/indexers/**",
                "--colleagues.deliver-to=opensearch,csv",
                "--colleagues.indexing.batch-size=7",
                "--colleagues.apis.default.base-url=" + staff.url(),
                "--colleagues.apis.works.base-url=" + works.url() + "/v2",
                "--colleagues.apis.works.auth.api-key=" + KEY,
                "--colleagues.apis.works.auth.api-key-query=api_key",
                "--colleagues.apis.directory.base-url=" + directory.url(),
                "--colleagues.apis.directory.auth.username=me",
                "--colleagues.apis.directory.auth.password=" + PASSWORD,
                "--colleagues.apis.graph.base-url=" + graph.url(),
                "--colleagues.apis.learning.base-url=" + learning.url()));
        for (String api : List.of("works", "directory", "graph", "learning")) {
            all.add("--colleagues.apis." + api + ".retry.first-delay=5ms");
            all.add("--colleagues.apis." + api + ".probe-every=5ms");
        }
        all.addAll(List.of(others));
        return index.arguments(all.toArray(String[]::new));
    }

    /** Fails each first call. */
    private ScriptedServer server(ScriptedServer.Script script) {
        return new ScriptedServer(
                request -> called.add(request.target() + request.body()) ? Replies.error(503) : script.answer(request));
    }

    private Reply staff(Request request) {
        ArrayNode people = JSON.createArrayNode();
        for (int i = 1; i <= PEOPLE + 1; i++) {
            ObjectNode person =
                    people.addObject().put("key", i).put("first", "Person").put("last", "" + i);
            person.put("left", i > PEOPLE ? "2020-01-01" : null);
            person.putObject("ids").put("orcid", i == 2 ? null : "o-" + i);
        }
        return Replies.json(people.toString());
    }

    private Reply works(Request request) {
        if (!request.target().matches("/v2/works\\?author=o-\\d+&limit=50(&cursor=a%2Fb)?&api_key=" + KEY)) {
            return Replies.error(401);
        }
        boolean isFirst = !request.target().contains("cursor");
        return Replies.json(
                isFirst
                        ? "{\"results\":[{\"title\":\"Work 1\",\"year\":2024,\"x\":1}],\"meta\":{\"next_cursor\":\"a/b\"}}"
                        : "{\"results\":[{\"title\":\"Work 2\",\"year\":2025,\"x\":1}],\"meta\":{\"next_cursor\":null}}");
    }

    private Reply offices(Request request) {
        String credentials = Base64.getEncoder().encodeToString(("me:" + PASSWORD).getBytes(StandardCharsets.UTF_8));
        if (!("Basic " + credentials).equals(request.headers().get("authorization"))) {
            return Replies.error(401);
        }
        String id = request.target().split("/", -1)[2];
        boolean isFirst = !request.target().contains("?");
        return Replies.status(
                200,
                "[{\"building\":\"" + (isFirst ? "A" : "B") + "\",\"room\":\"" + id + "\"}]",
                "Content-Type: application/json",
                isFirst ? "Link: <?page=2>; rel=\"next\", <?page=2>; rel=\"last\"" : "Link: <?page=1>; rel=\"prev\"");
    }

    private Reply projects(Request request) {
        JsonNode asked = json(request.body());
        assertThat(asked.get("query").textValue()).startsWith("query ($person: ID!) {");
        String id = asked.at("/variables/person").textValue();
        return Replies.json(
                id.equals("3")
                        ? "{\"data\":null,\"errors\":[{\"message\":\"no\"}]}"
                        : "{\"data\":{\"person\":{\"projects\":[{\"title\":\"Project \\\"" + id
                                + "\\\"\",\"role\":\"lead\"}]}}}");
    }

    /** 250 items: those of number n and n + 100 are of the same person. */
    private Reply completions(Request request) {
        if (request.target().contains(refused)) {
            return Replies.error(404);
        }
        int offset = Integer.parseInt(request.target().replaceFirst(".*&offset=(\\d+).*", "$1"));
        ArrayNode items = JSON.createArrayNode();
        IntStream.range(offset, Math.min(250, offset + 100)).forEach(i -> {
            ObjectNode item = items.addObject().put("course", "C" + (i + 1)).put("completed", "2025");
            item.putObject("user").put("orcid", "o-" + (i % 100 + 1));
        });
        return Replies.json(JSON.createObjectNode().set("completions", items).toString());
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
