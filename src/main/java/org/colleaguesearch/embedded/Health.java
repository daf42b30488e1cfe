package org.colleaguesearch.embedded;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.colleaguesearch.failure.StartFailure;

/** Checks the cluster health of an OpenSearch. Thread-safe. */
final class Health {
    static final String CLUSTER = "colleague-search";

    private static final String PATH = "/_cluster/health?wait_for_status=yellow&timeout=1s";

    private static final Duration WAIT = Duration.ofSeconds(3);

    // The JVM's proxy settings must not apply between this process and its child.
    private final HttpClient client = HttpClient.newBuilder()
            .proxy(HttpClient.Builder.NO_PROXY)
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();

    /** Whether the embedded cluster answers there within three seconds with a health of yellow or green. */
    boolean isGood(URI url, Login login) {
        return answer(HttpRequest.newBuilder(url.resolve(PATH)).header("Authorization", login.authorization()))
                .filter(answer -> answer.statusCode() == 200 && answer.body().contains("\"" + CLUSTER + "\""))
                .isPresent();
    }

    /** The HTTP status of a request without a login; empty when there is no response within three seconds. */
    OptionalInt statusWithoutLogin(URI url) {
        return answer(HttpRequest.newBuilder(url.resolve(PATH))).stream()
                .mapToInt(HttpResponse::statusCode)
                .findFirst();
    }

    private Optional<HttpResponse<String>> answer(HttpRequest.Builder request) {
        try {
            // The client's own time-out covers only the headers.
            return Optional.of(client.sendAsync(request.timeout(WAIT).build(), HttpResponse.BodyHandlers.ofString())
                    .get(WAIT.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException | TimeoutException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartFailure("interrupted while starting OpenSearch", e);
        }
    }
}
