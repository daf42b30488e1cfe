package org.colleaguesearch.embedded;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.colleaguesearch.settings.StartFailure;

/** Asks an OpenSearch how it is. Safe for use by any thread. */
final class Health {
    static final String CLUSTER = "colleague-search";

    private static final String QUESTION = "/_cluster/health?wait_for_status=yellow&timeout=1s";

    // A proxy of the JVM's has no business between this process and its child.
    private final HttpClient client = HttpClient.newBuilder()
            .proxy(HttpClient.Builder.NO_PROXY)
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();

    /** Whether our cluster answers there, within three seconds, with a health of yellow or green. */
    boolean isGood(URI url) {
        HttpRequest request = HttpRequest.newBuilder(url.resolve(QUESTION))
                .timeout(Duration.ofSeconds(3))
                .build();
        try {
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200 && answer.body().contains("\"" + CLUSTER + "\"");
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartFailure("interrupted while OpenSearch was starting", e);
        }
    }
}
