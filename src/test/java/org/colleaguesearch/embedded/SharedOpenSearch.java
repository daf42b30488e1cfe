package org.colleaguesearch.embedded;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import org.colleaguesearch.settings.Settings;
import org.springframework.util.unit.DataSize;

/**
 * The one OpenSearch of a test run, started by the first test that asks for it, empty at first, and stopped when the
 * JVM ends. Tests use indices of their own names in it. Safe for use by any thread.
 */
public final class SharedOpenSearch {
    private SharedOpenSearch() {}

    /** Its address; the first call takes some 10 seconds. */
    public static URI url() {
        return Started.URL;
    }

    /** Started when first used: the JVM runs this once, whichever thread comes first. */
    private static final class Started {
        private static final URI URL = start();

        private static URI start() {
            EmbeddedOpenSearch opensearch = new EmbeddedOpenSearch(new Settings.Embedded(
                    QuickDistribution.home(),
                    0,
                    DataSize.ofMegabytes(512),
                    Path.of("target", "it-opensearch"),
                    Path.of("target", "it-opensearch.log"),
                    Duration.ofMinutes(5)));
            Runtime.getRuntime().addShutdownHook(new Thread(opensearch::close, "stop-opensearch"));
            opensearch.start();
            URI url = opensearch.awaitReady();
            empty(url);
            return url;
        }

        private static void empty(URI url) {
            HttpRequest request =
                    HttpRequest.newBuilder(url.resolve("/_all")).DELETE().build();
            // An upgrade to HTTP/2 hangs now and then.
            try (HttpClient client =
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
                int status = client.send(request, BodyHandlers.discarding()).statusCode();
                if (status != 200) {
                    throw new IllegalStateException("DELETE /_all: status " + status);
                }
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException("the indices of an earlier test run could not be deleted", e);
            }
        }
    }
}
