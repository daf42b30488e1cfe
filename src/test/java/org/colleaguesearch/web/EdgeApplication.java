package org.colleaguesearch.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.builder.RouteBuilder;
import org.colleaguesearch.ColleagueSearch;
import org.colleaguesearch.settings.Settings.Scope;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store.CloseableResource;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.util.FileSystemUtils;

/**
 * The application with its edge on free ports, and routes of the test behind it. It has three keys: {@link #ALL} has all
 * scopes, {@link #SEARCHER} and {@link #OTHER} can only search.
 */
final class EdgeApplication implements BeforeAllCallback {
    static final NewKey ALL = NewKey.make("all", EnumSet.allOf(Scope.class));
    static final NewKey SEARCHER = NewKey.make("searcher", EnumSet.of(Scope.SEARCH));
    static final NewKey OTHER = NewKey.make("other", EnumSet.of(Scope.SEARCH));

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Shared by all tests without special needs: started by the first, stopped at the end of the run. */
    static final EdgeApplication SHARED = echo();

    private final Map<String, Object> settings = new LinkedHashMap<>();
    private final RouteBuilder routes;
    private final Path folder;
    private final HttpClient client = HttpClient.newHttpClient();
    private ConfigurableApplicationContext spring;

    EdgeApplication(RouteBuilder routes) {
        this.routes = routes;
        try {
            folder = Files.createTempDirectory("edge-test");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        with("server.port", 0);
        with("management.server.port", 0);
        with(
                "camel.main.routes-include-pattern",
                "file:routes/errors.camel.yaml,file:routes/api/rest.camel.yaml,file:routes/index/index-chunk.camel.yaml,"
                        + "file:routes/indexers/*.camel.yaml");
        with("colleagues.apis.default.base-url", "http://people.test");
        with("colleagues.deliver-to", "csv");
        with("colleagues.csv.folder", folder.resolve("csv"));
        with("colleagues.database.file", folder.resolve("ledger"));
        with("colleagues.web.requests-per-second", 1_000_000);
        int number = 0;
        for (NewKey key : List.of(ALL, SEARCHER, OTHER)) {
            String at = "colleagues.web.keys[" + number++ + "].";
            with(at + "name", key.kept().name());
            with(at + "hash", key.kept().hash());
            with(
                    at + "scopes",
                    String.join(
                            ",",
                            key.kept().scopes().stream().map(Scope::toString).toList()));
        }
    }

    /** An application for one test class, which reads its log. */
    static EdgeApplication echo() {
        return new EdgeApplication(new Echo()).with("colleagues.web.max-request-size", "100KB");
    }

    EdgeApplication with(String setting, Object value) {
        settings.put(setting, value);
        return this;
    }

    @Override
    public void beforeAll(ExtensionContext test) {
        ExtensionContext lifetime = this == SHARED ? test.getRoot() : test;
        lifetime.getStore(Namespace.GLOBAL).getOrComputeIfAbsent(this, key -> start());
    }

    private CloseableResource start() {
        SpringApplication application = new SpringApplication(ColleagueSearch.class);
        application.setRegisterShutdownHook(false);
        application.setBannerMode(Banner.Mode.OFF);
        application.setLogStartupInfo(false);
        application.addInitializers(context -> {
            ((GenericApplicationContext) context).registerBean("routes", RouteBuilder.class, () -> routes);
            // It requires indexers.
            context.addBeanFactoryPostProcessor(
                    beans -> ((BeanDefinitionRegistry) beans).removeBeanDefinition("startChecks"));
        });
        List<String> arguments = new ArrayList<>();
        settings.forEach((key, value) -> arguments.add("--" + key + "=" + value));
        spring = application.run(arguments.toArray(String[]::new));
        return this::close;
    }

    private void close() {
        client.close();
        spring.close();
        FileSystemUtils.deleteRecursively(folder.toFile());
    }

    <T> T bean(Class<T> type) {
        return spring.getBean(type);
    }

    int port() {
        return spring.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    int managementPort() {
        return spring.getEnvironment().getRequiredProperty("local.management.port", Integer.class);
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port() + path);
    }

    /** A request with the key that has all scopes. */
    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(uri(path)).header("X-API-Key", ALL.text());
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
        return send(request.build());
    }

    HttpResponse<String> send(HttpRequest request) throws IOException {
        try {
            return client.send(request, BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    HttpResponse<String> get(String path) throws IOException {
        return send(request(path));
    }

    HttpResponse<String> get(String path, NewKey key) throws IOException {
        return send(HttpRequest.newBuilder(uri(path)).header("X-API-Key", key.text()));
    }

    HttpResponse<String> post(String path, String json) throws IOException {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    /** Sends raw bytes, and returns what the server sends until it closes the connection. */
    String raw(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    static JsonNode json(HttpResponse<String> response) throws IOException {
        return JSON.readTree(response.body());
    }

    /** Asserts that a response is a problem document, and returns it. */
    static JsonNode problem(HttpResponse<String> answer, int status) throws IOException {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        JsonNode problem = json(answer);
        assertThat(problem.get("status").intValue()).isEqualTo(status);
        assertThat(problem.get("type").textValue()).isEqualTo("about:blank");
        assertThat(problem.get("title").textValue()).isNotEmpty();
        assertThat(problem.get("detail").textValue()).isNotEmpty();
        return problem;
    }
}
