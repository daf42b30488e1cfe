package org.colleaguesearch.embedded;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import org.colleaguesearch.settings.Settings;
import org.springframework.util.unit.DataSize;

/**
 * The one OpenSearch of a test run: started empty by the first test that needs it, and stopped when the JVM exits. Each
 * test uses its own index names. Thread-safe.
 */
public final class SharedOpenSearch {
    private static final Path DATA = Path.of("target", "it-opensearch");

    private SharedOpenSearch() {}

    /** Its address; the first call takes about 10 seconds. */
    public static URI url() {
        return Started.URL;
    }

    /** The login that it requires. */
    public static Login login() {
        return Started.OPENSEARCH.login();
    }

    /** The file with its login. */
    public static Path loginFile() {
        // Written at its start.
        url();
        return DATA.resolve("netrc");
    }

    /** An authenticated request to a path such as {@code /_search}. */
    public static HttpRequest.Builder request(String path) {
        return request(url(), login(), path);
    }

    /** An authenticated request to an embedded OpenSearch with this login. */
    public static HttpRequest.Builder request(URI url, Login login, String path) {
        return HttpRequest.newBuilder(URI.create(url + path)).header("Authorization", login.authorization());
    }

    /** Started lazily: the JVM runs the static initializer once, on the first thread that needs it. */
    private static final class Started {
        private static final EmbeddedOpenSearch OPENSEARCH = new EmbeddedOpenSearch(new Settings.Embedded(
                QuickDistribution.home(),
                0,
                DataSize.ofMegabytes(512),
                DATA,
                Path.of("target", "it-opensearch.log"),
                Duration.ofMinutes(5)));
        private static final URI URL = start();

        private static URI start() {
            Runtime.getRuntime().addShutdownHook(new Thread(OPENSEARCH::close, "stop-opensearch"));
            OPENSEARCH.start();
            URI url = OPENSEARCH.awaitReady();
            // An upgrade to HTTP/2 hangs occasionally.
            try (HttpClient client =
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
                // One by one: it refuses deletes by pattern.
                for (String index : send(client, url, "GET", "/_cat/indices?h=index")
                        .lines()
                        .toList()) {
                    send(client, url, "DELETE", "/" + index.strip());
                }
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException("cannot delete the indices of an earlier test run", e);
            }
            return url;
        }

        private static String send(HttpClient client, URI url, String method, String path)
                throws IOException, InterruptedException {
            HttpResponse<String> answer = client.send(
                    request(url, OPENSEARCH.login(), path)
                            .method(method, HttpRequest.BodyPublishers.noBody())
                            .build(),
                    BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IllegalStateException(method + " " + path + ": " + answer.statusCode() + " " + answer.body());
            }
            return answer.body();
        }
    }
}
