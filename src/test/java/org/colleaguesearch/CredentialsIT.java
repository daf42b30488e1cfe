package org.colleaguesearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.colleaguesearch.ScriptedServer.Reply;
import org.colleaguesearch.ScriptedServer.Request;
import org.colleaguesearch.ledger.Database;
import org.colleaguesearch.ledger.State;
import org.colleaguesearch.runs.Batch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.util.FileSystemUtils;

/**
 * Calls are authenticated with credentials of every kind, and these are shown nowhere, whatever fails and whatever the
 * APIs repeat in their responses, even with full logging.
 */
@Timeout(600)
@Isolated("lets the JVM log all it can")
class CredentialsIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Of the API key in the query, and of the key that APIs repeat in their links. It does not look like a secret. */
    private static final String PARAMETER = "subscription";

    private static final int PEOPLE_PER_FAILURE = 3;
    private static final int CALLS_OF_FIRST_TOKEN = 20;

    /** The response to the requests for one person, in which the API repeats the request and its secret. */
    @FunctionalInterface
    private interface Failure {
        Reply of(String request, String secret);
    }

    private final PlantedSecrets secrets = new PlantedSecrets();
    private final Queue<Request> refused = new ConcurrentLinkedQueue<>();
    private final List<String> arguments = new ArrayList<>();
    private final List<String> exported = new ArrayList<>();
    private final List<ScriptedServer> servers = new ArrayList<>();
    private final ScriptedServer elsewhere = server(request -> Replies.json("{\"items\":[]}"));
    private final Map<String, Failure> failures = failures();

    /** Below the working folder, as own routes must be. */
    private final Path routes = Path.of("target", "it-credentials");

    @TempDir
    Path folder;

    @BeforeEach
    void removeRoutes() throws IOException {
        FileSystemUtils.deleteRecursively(routes);
    }

    @AfterEach
    void closeServers() throws IOException {
        for (ScriptedServer server : servers) {
            server.close();
        }
    }

    @Test
    void credentialsAreSentAndShownNowhereWhateverFails(CapturedOutput output) throws Exception {
        Map<String, String> sections = new LinkedHashMap<>();
        withHeader("bearer", "bearer-token", "authorization", "Bearer ");
        withHeader("header", "api-key", "x-api-key", "");
        withKeyInQuery();
        withUser();
        withClient();
        withRefreshToken();
        List<String> apis = List.of("bearer", "header", "query", "basic", "client", "refresh");
        withoutToken();
        unreachable();
        hanging();
        for (String api : Stream.concat(apis.stream(), Stream.of("refused", "unreachable", "hanging"))
                .toList()) {
            sections.put(api, "url: '/people/{id}', next: .next");
            set(api, "retry.attempts", "2");
            set(api, "retry.first-delay", "10ms");
            set(api, "probe-every", "10ms");
        }
        sections.put("header-errors", "url: /graphql, query: '{ me }'");
        for (String api : List.of("bearer", "header", "query", "client")) {
            sections.put(api + "-feed", "url: /feed, next: .next, each: .items, person: .person");
        }
        writeIndexers(sections);
        JdbcClient hr = database("databases.hr", "it-credentials-hr");
        JdbcClient ledger = database("database", "it-credentials-ledger");
        openSearch();
        try (TraceCollector traces = new TraceCollector()) {
            arguments.addAll(List.of(
                    "--management.otlp.tracing.endpoint=" + traces.endpoint(),
                    "--colleagues.people.sql=select id, 'somebody' as name from staff order by position",
                    "--colleagues.people.database=hr",
                    "--colleagues.export.api=query",
                    "--colleagues.indexing.parallel-indexers=20",
                    "--colleagues.routes.folders=" + routes,
                    "--colleagues.routes.exclude=routes/indexers/**",
                    "--logging.level.org.colleaguesearch=debug",
                    // If tests before this one have loaded PostgreSQL's driver, it is asked about the URL of H2, and
                    // logs it.
                    "--logging.level.org.postgresql.Driver=info",
                    "--logging.level.root=debug"));
            try (App app = App.service(folder, App.withKey(arguments.toArray(String[]::new)))) {
                assertThat(app.runBatch("test").failure()).contains("colleagues.people.sql: ");
                hr.sql("create table staff(position int, id varchar)").update();
                int position = 0;
                for (String failure : failures.keySet()) {
                    for (int i = 0; i < PEOPLE_PER_FAILURE; i++) {
                        hr.sql("insert into staff values (?, ?)")
                                .params(position++, i == 0 ? failure : failure + "-not-" + i)
                                .update();
                    }
                }

                Batch batch = app.runBatch("test");

                assertThat(refused).isEmpty();
                assertThat(elsewhere.connections()).isZero();
                assertThat(batch.runs())
                        .filteredOn(run -> !run.indexer().endsWith("-feed"))
                        .allSatisfy(run -> assertThat(run.state())
                                .as(run.summary())
                                .isEqualTo(
                                        run.indexer().matches("unreachable|hanging") ? State.PAUSED : State.COMPLETED));
                for (String api : apis) {
                    assertThat(App.errors(folder, api))
                            .as(api)
                            .extracting(error -> error.get("person_id"))
                            .containsExactlyInAnyOrderElementsOf(failures.keySet());
                }
                assertThat(App.errors(folder, "refused"))
                        .hasSize(PEOPLE_PER_FAILURE * failures.size())
                        .extracting(error -> error.get("reason"))
                        .allMatch(reason -> reason.contains("no access token from "));
                for (String view : List.of("health", "prometheus")) {
                    secrets.assertNotIn(view, send("GET", app.managementPort(), "/actuator/" + view));
                }
                JsonNode runs = JSON.readTree(send("GET", app.apiPort(), "/api/runs?size=100"));
                secrets.assertNotIn("runs", runs.toString());
                for (JsonNode run : runs.get("runs")) {
                    String path = "/api/runs/" + run.get("id").textValue();
                    secrets.assertNotIn(path, send("GET", app.apiPort(), path));
                    secrets.assertNotIn(path, send("GET", app.apiPort(), path + "/errors.csv"));
                }
                secrets.assertNotIn("dry run", send("POST", app.apiPort(), "/api/indexers/header/dry-run?limit=20"));
                assertThat(app.export("test", "job", exported, null)).contains("\"completed\"");
            }
            assertThat(traces.spans()).hasSizeGreaterThan(100);
            secrets.assertNotIn("traces", traces.text());
        }
        cannotStart(
                "--colleagues.apis.bearer.proxy=http://me:" + secrets.plant("password of the proxy") + "@127.0.0.1:1");
        cannotStart(
                "--spring.ssl.bundle.jks.own.keystore.password=" + secrets.plant("wrong password of the key store"));
        cannotStart("--colleagues.database.password=" + secrets.plant("wrong password of the database"));
        cannotStart("--colleagues.database.url=" + Database.inMemory("it-credentials-ledger") + ";PASSWORD="
                + secrets.plant("password in a URL"));

        secrets.assertNotIn("ledger", content(ledger));
        for (Path file : App.files(folder)) {
            secrets.assertNotIn(file.toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
        }
        secrets.assertNotIn("log", output.getAll());
    }

    @Test
    void refusedOAuth2CredentialsEndTheBatchWithExitCode2(CapturedOutput output) throws IOException {
        ScriptedServer api = server(this::refuse);
        ScriptedServer login = server(request -> Replies.error(401));

        Batch batch = App.once(
                folder,
                "--colleagues.apis.default.base-url=" + api.url(),
                "--colleagues.apis.default.auth.oauth2.token-url=" + login.url() + "/token",
                "--colleagues.apis.default.auth.oauth2.client-id=me",
                "--colleagues.apis.default.auth.oauth2.client-secret=" + secrets.plant("client secret"));

        assertThat(batch.exitCode()).isEqualTo(2);
        assertThat(batch.failure())
                .endsWith("/people?active=true&page=1&size=500: no access token from " + login.url()
                        + "/token: HTTP 401; check colleagues.apis.default.auth.oauth2");
        assertThat(refused).isEmpty();
        secrets.assertNotIn("log", output.getAll());
    }

    private void cannotStart(String argument) {
        arguments.add(argument);
        assertThatThrownBy(() -> App.service(folder, arguments.toArray(String[]::new)))
                .as(argument)
                .isInstanceOf(RuntimeException.class);
        arguments.removeLast();
    }

    /** By the ids of people. Those that look like an outage come first: an API that only fails is not called again. */
    private Map<String, Failure> failures() {
        Map<String, Failure> all = new LinkedHashMap<>();
        all.put("reset", (request, secret) -> Replies.reset());
        all.put("cut-off", (request, secret) -> Replies.cutOff(request));
        all.put("no-http", (request, secret) -> connection -> {
            connection.write(secret + " is no good\r\n\r\n");
            connection.close();
        });
        all.put("no-header", (request, secret) -> Replies.status(200, "{}", secret + " is no good"));
        all.put(
                "no-length",
                (request, secret) ->
                        connection -> connection.write("HTTP/1.1 200 OK\r\nContent-Length: " + secret + "\r\n\r\n"));
        all.put(
                "no-chunk",
                (request, secret) -> connection -> connection.write(
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + secret + "\r\n\r\n"));
        all.put("at-no-time", (request, secret) -> Replies.status(503, request, "Retry-After: " + secret));
        all.put("soon", (request, secret) -> Replies.status(429, request, "Retry-After: 0"));
        all.put("later", (request, secret) -> Replies.status(429, request, "Retry-After: 3600"));
        for (int status : List.of(500, 400, 401, 403, 404)) {
            all.put(
                    "" + status,
                    (request, secret) -> Replies.status(
                            status,
                            request,
                            "WWW-Authenticate: Bearer error_description=\"" + secret + " has expired\""));
        }
        all.put(
                "redirected",
                (request, secret) ->
                        Replies.status(302, request, "Location: " + elsewhere.url() + "/?" + PARAMETER + "=" + secret));
        all.put(
                "redirected-to-user",
                (request, secret) -> Replies.status(307, request, "Location: http://me:" + secret + "@127.0.0.1/"));
        all.put("half", (request, secret) -> Replies.half("{\"items\":[" + request + ",0]}"));
        all.put("no-json", (request, secret) -> Replies.json("unknown key " + secret));
        all.put("text-for-list", (request, secret) -> Replies.json("{\"items\":" + request + "}"));
        all.put("text-for-object", (request, secret) -> Replies.json("[" + request + "]"));
        all.put("object-for-link", (request, secret) -> page("{\"href\":" + request + "}"));
        all.put("no-link", (request, secret) -> page("\"http://[" + secret + "\""));
        all.put(
                "link-elsewhere",
                (request, secret) -> page("\"" + elsewhere.url() + "/?" + PARAMETER + "=" + secret + "\""));
        all.put("link-with-user", (request, secret) -> page("\"http://me:" + secret + "@127.0.0.1/\""));
        all.put("failing-link", (request, secret) -> page("\"?page=2&" + PARAMETER + "=" + secret + "\""));
        all.put("link-in-circle", (request, secret) -> page("\"?" + PARAMETER + "=" + secret + "\""));
        return all;
    }

    private static Reply page(String next) {
        return Replies.json("{\"items\":[],\"next\":" + next + "}");
    }

    private void set(String api, String key, Object value) {
        arguments.add("--colleagues.apis." + api + "." + key + "=" + value);
    }

    private void withHeader(String api, String setting, String header, String prefix) {
        String secret = secrets.plant(api);
        set(api, "auth." + setting, secret);
        api(api, secret, request -> (prefix + secret).equals(request.headers().get(header)));
    }

    private void withKeyInQuery() {
        String secret = secrets.plant("query");
        set("query", "auth.api-key", secret);
        set("query", "auth.api-key-query", PARAMETER);
        String parameter = PARAMETER + "=" + URLEncoder.encode(secret, StandardCharsets.UTF_8);
        URI url = api(
                "query",
                secret,
                request -> request.target().split("[?&]", -1)[1].equals(parameter)
                        || request.target().endsWith("&" + parameter));
        // The others answer with what an export delivers.
        failures.keySet().stream()
                .filter(failure -> !failure.matches(".*(text|object|link).*"))
                .forEach(failure -> exported.add(url + "/people/" + failure));
    }

    private void withUser() {
        String user = secrets.plant("user");
        String password = secrets.plant("password");
        String both = secrets.base64("user and password", user + ":" + password);
        set("basic", "auth.username", user);
        set("basic", "auth.password", password);
        api(
                "basic",
                password,
                request -> ("Basic " + both).equals(request.headers().get("authorization")));
    }

    private void withClient() {
        withTokens("client", request -> request.body().equals("grant_type=client_credentials"), body -> body);
    }

    /** The server replaces it with each access token. */
    private void withRefreshToken() {
        // A response with the newest one may come too late.
        Set<String> tokens = ConcurrentHashMap.newKeySet();
        String first = secrets.plant("refresh token");
        tokens.add(URLEncoder.encode(first, StandardCharsets.UTF_8));
        set("refresh", "auth.oauth2.refresh-token", first);
        withTokens(
                "refresh",
                request -> tokens.contains(request.body().replaceFirst("^grant_type=refresh_token&refresh_token=", "")),
                body -> {
                    String next = secrets.plant("replaced refresh token");
                    tokens.add(URLEncoder.encode(next, StandardCharsets.UTF_8));
                    return body.replace("{", "{\"refresh_token\":\"" + next + "\",");
                });
    }

    private void withTokens(String api, Function<Request, Boolean> isGood, Function<String, String> answer) {
        List<String> tokens = new CopyOnWriteArrayList<>();
        AtomicInteger calls = new AtomicInteger();
        String both = client(api);
        ScriptedServer login = server(request -> {
            if (!isGood.apply(request)
                    || !("Basic " + both).equals(request.headers().get("authorization"))) {
                return refuse(request);
            }
            tokens.add(secrets.plant("access token of " + api));
            return Replies.json(answer.apply("{\"access_token\":\"" + tokens.getLast() + "\"}"));
        });
        set(api, "auth.oauth2.token-url", login.url() + "/token");
        ScriptedServer server = server(request -> {
            String token = request.headers().getOrDefault("authorization", "").replaceFirst("^Bearer ", "");
            // The first token expires early.
            if (token.equals(tokens.getFirst()) && calls.incrementAndGet() > CALLS_OF_FIRST_TOKEN) {
                return Replies.error(401);
            }
            return tokens.contains(token) ? answer(request, token) : refuse(request);
        });
        set(api, "base-url", server.url());
    }

    private String client(String api) {
        String secret = secrets.plant("client secret of " + api);
        set(api, "auth.oauth2.client-id", "me");
        set(api, "auth.oauth2.client-secret", secret);
        return secrets.base64("client of " + api, "me:" + URLEncoder.encode(secret, StandardCharsets.UTF_8));
    }

    /** Its token server fails in several ways, then refuses the client. */
    private void withoutToken() {
        client("refused");
        AtomicInteger asked = new AtomicInteger();
        ScriptedServer login = server(request -> {
            String echo = echo(request);
            return switch (asked.getAndIncrement()) {
                case 0 -> Replies.status(500, echo);
                case 1 -> Replies.json("unknown client " + echo);
                case 2 -> Replies.cutOff(echo);
                case 3 -> Replies.status(200, "{}", request.headers().get("authorization") + " is no good");
                default -> Replies.status(400, "{\"error\":" + echo + "}");
            };
        });
        set("refused", "auth.oauth2.token-url", login.url() + "/token");
        set("refused", "base-url", server(this::refuse).url());
    }

    /** Has its own key store, and accepts no connections. */
    private void unreachable() throws IOException, GeneralSecurityException {
        String password = secrets.plant("password of the key store");
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        Path file = folder.resolve("keys.p12");
        try (OutputStream out = Files.newOutputStream(file)) {
            keys.store(out, password.toCharArray());
        }
        arguments.add("--spring.ssl.bundle.jks.own.keystore.location=" + file.toUri());
        arguments.add("--spring.ssl.bundle.jks.own.keystore.password=" + password);
        set("unreachable", "ssl-bundle", "own");
        set("unreachable", "auth.bearer-token", secrets.plant("bearer token of unreachable"));
        set("unreachable", "patience", "300ms");
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            set("unreachable", "base-url", "https://127.0.0.1:" + closed.getLocalPort());
        }
    }

    private void hanging() {
        String secret = secrets.plant("hanging");
        set("hanging", "auth.api-key", secret);
        set(
                "hanging",
                "base-url",
                server(request -> Replies.stall(echo(request))).url());
        set("hanging", "response-timeout", "300ms");
        set("hanging", "patience", "300ms");
    }

    private URI api(String api, String secret, Function<Request, Boolean> isGood) {
        ScriptedServer server = server(request -> isGood.apply(request) ? answer(request, secret) : refuse(request));
        set(api, "base-url", server.url());
        return server.url();
    }

    private Reply refuse(Request request) {
        refused.add(request);
        return Replies.error(401);
    }

    private Reply answer(Request request, String secret) {
        String encoded = URLEncoder.encode(secret, StandardCharsets.UTF_8);
        String echo = echo(request);
        if (request.target().contains("page=2")) {
            return Replies.status(request.target().startsWith("/feed") ? 500 : 404, echo);
        }
        if (request.target().startsWith("/graphql")) {
            return Replies.json("{\"data\":null,\"errors\":[{\"message\":" + echo + "}]}");
        }
        if (request.target().startsWith("/feed")) {
            return Replies.json(
                    "{\"items\":[{\"person\":\"reset\"}],\"next\":\"/feed?page=2&" + PARAMETER + "=" + encoded + "\"}");
        }
        Failure failure = failures.get(request.target().replaceFirst("^/people/([^?]+).*", "$1"));
        return failure == null ? Replies.json("{\"items\":[{\"title\":\"fine\"}]}") : failure.of(echo, encoded);
    }

    /** All of it as a JSON text. */
    private static String echo(Request request) {
        return TextNode.valueOf(
                        request.method() + " " + request.target() + " " + request.headers() + " " + request.body())
                .toString();
    }

    private ScriptedServer server(ScriptedServer.Script script) {
        ScriptedServer server = new ScriptedServer(script);
        servers.add(server);
        return server;
    }

    private void writeIndexers(Map<String, String> sections) throws IOException {
        for (Map.Entry<String, String> section : sections.entrySet()) {
            String name = section.getKey();
            StringBuilder file = new StringBuilder(
                    "- templatedRoute:\n    routeId: index-%s\n    routeTemplateRef: index-chunk\n    parameters:\n"
                            .formatted(name));
            String all = "indexer: %s, api: %s, section: %s, columns: title, %s"
                    .formatted(
                            name,
                            name.replaceFirst("-.*", ""),
                            name.contains("-feed") ? "." : ".items",
                            section.getValue());
            for (String parameter : all.split(", ", -1)) {
                String[] pair = parameter.split(": ", 2);
                file.append("      - name: %s%n        value: %s%n".formatted(pair[0], pair[1]));
            }
            Path written = routes.resolve("index-" + name + ".camel.yaml");
            Files.createDirectories(routes);
            Files.writeString(written, file);
        }
    }

    private JdbcClient database(String key, String name) {
        String password = secrets.plant("password of " + key);
        String url = Database.inMemory(name);
        arguments.add("--colleagues." + key + ".url=" + url);
        arguments.add("--colleagues." + key + ".username=me");
        arguments.add("--colleagues." + key + ".password=" + password);
        JdbcClient database = JdbcClient.create(new DriverManagerDataSource(url, "me", password));
        // The first connection sets the password.
        database.sql("select 1").query(Integer.class).single();
        return database;
    }

    /** Refuses the first documents, and repeats the request. */
    private void openSearch() {
        String password = secrets.plant("password of OpenSearch");
        String both = secrets.base64("user and password of OpenSearch", "me:" + password);
        AtomicInteger bulks = new AtomicInteger();
        ScriptedServer server = server(request -> {
            if (!("Basic " + both).equals(request.headers().get("authorization"))) {
                return refuse(request);
            }
            return switch (request.target().contains("_bulk") ? bulks.getAndIncrement() : Integer.MAX_VALUE) {
                case 0 -> Replies.status(503, "{\"error\":" + echo(request) + "}");
                case 1 -> Replies.status(429, echo(request));
                case 2 -> Replies.reset();
                case 3 -> Replies.json(echo(request));
                default -> Index.forward(request);
            };
        });
        arguments.addAll(List.of(
                "--colleagues.deliver-to=opensearch,csv",
                "--colleagues.opensearch.url=" + server.url(),
                "--colleagues.opensearch.alias=it-credentials",
                "--colleagues.opensearch.username=me",
                "--colleagues.opensearch.password=" + password));
    }

    private static String send(String method, int port, String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("X-API-Key", App.KEY)
                .method(method, BodyPublishers.noBody())
                .build();
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
            assertThat(response.statusCode()).as(path + response.body()).isIn(200, 503, 404);
            return response.body();
        }
    }

    /** All values of all tables. */
    private static String content(JdbcClient database) {
        StringBuilder content = new StringBuilder();
        List<String> tables = database.sql(
                        "select table_name from information_schema.tables where table_schema = 'public'")
                .query(String.class)
                .list();
        assertThat(tables).contains("failed_url", "feed", "run");
        for (String table : tables) {
            List<Map<String, Object>> rows =
                    database.sql("select * from \"" + table + "\"").query().listOfRows();
            content.append(table).append(rows).append('\n');
        }
        return content.toString();
    }
}
