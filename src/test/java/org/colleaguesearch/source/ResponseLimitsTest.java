package org.colleaguesearch.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.hc.core5.http.MessageConstraintException;
import org.colleaguesearch.Replies;
import org.colleaguesearch.ScriptedServer;
import org.colleaguesearch.ScriptedServer.Reply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ResponseLimitsTest {
    private static final String TOO_LARGE = "the response is larger than max-response-size, 10240 bytes";

    private final Queue<Reply> replies = new ConcurrentLinkedQueue<>();
    private final ScriptedServer server = new ScriptedServer(request -> replies.remove());
    private final ApiCalls calls = new ApiCalls(
            server.url(),
            "colleagues.apis.default.max-response-size=10KB",
            "colleagues.apis.default.response-timeout=2s");

    @AfterEach
    void close() throws IOException {
        calls.close();
        server.close();
    }

    @Test
    void acceptsResponseOfExactlyTheLimit() throws IOException {
        replies.addAll(List.of(Replies.large(10_240), Replies.gzipBomb(10_240)));

        assertThat(calls.get(server.url())).hasSize("200 ".length() + 10_240);
        assertThat(calls.get(server.url())).hasSize("200 ".length() + 10_240);
    }

    @Test
    void acceptsEmptyResponse() throws IOException {
        replies.add(Replies.status(200, ""));

        assertThat(calls.get(server.url())).isEqualTo("200 ");
    }

    @Test
    void endsResponseWithTooLargeContentLength() {
        replies.add(Replies.large(10_241));

        assertThatExceptionOfType(PermanentFailure.class)
                .isThrownBy(() -> calls.get(server.url()))
                .withMessage(TOO_LARGE);
    }

    @Test
    void endsTooLargeResponseWithoutContentLength() {
        replies.add(Replies.largeInChunks(50_000_000));

        assertThatExceptionOfType(PermanentFailure.class)
                .isThrownBy(() -> calls.get(server.url()))
                .withMessage(TOO_LARGE);
    }

    @Test
    void countsDecompressedBytes() {
        replies.add(Replies.gzipBomb(50_000_000));

        assertThatExceptionOfType(PermanentFailure.class)
                .isThrownBy(() -> calls.get(server.url()))
                .withMessage(TOO_LARGE);
    }

    @Test
    void endsResponseThatDripsFor2Minutes() {
        replies.add(Replies.drip(1200, Duration.ofMillis(100)));

        assertThatExceptionOfType(SocketTimeoutException.class)
                .isThrownBy(() -> calls.get(server.url()))
                .withMessage("the response is not complete after 2000 ms");
    }

    /** The response takes longer than the limit, though no single silence does. */
    @Test
    void endsResponseThatStallsAfterDripping() {
        replies.add(connection -> {
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n");
            for (int i = 0; i < 3; i++) {
                connection.pause(Duration.ofMillis(500));
                connection.write(" ");
            }
            connection.hang();
        });
        long start = System.nanoTime();

        assertThatExceptionOfType(SocketTimeoutException.class)
                .isThrownBy(() -> calls.get(server.url()))
                .withMessage("the response is not complete after 2000 ms");
        // The last silence alone would have lasted until 3.5 s.
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(3400));
    }

    @Test
    void endsCallsThatAreDropped() {
        RunCalls run = new RunCalls();
        replies.add(connection -> {
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n");
            connection.flush();
            run.drop();
            connection.hang();
        });

        assertThatThrownBy(() -> run.during(() -> calls.get(server.url())))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void endsResponseWhoseHeadersDrip() {
        replies.add(Replies.dripHeaders(Duration.ofMillis(100)));

        assertThatExceptionOfType(SocketTimeoutException.class)
                .isThrownBy(() -> calls.get(server.url()))
                .withMessage("the response is not complete after 2000 ms");
    }

    @Test
    void endsResponseWhoseHeadersNeverEnd() {
        replies.add(Replies.endlessHeaders());

        assertThatExceptionOfType(MessageConstraintException.class)
                .isThrownBy(() -> calls.get(server.url()))
                .withMessage("Maximum header count exceeded");
    }

    @Test
    void doesNotReuseConnectionOfDrippingHeaders() throws IOException {
        replies.addAll(List.of(Replies.dripHeaders(Duration.ofMillis(100)), Replies.json("[]")));
        assertThatThrownBy(() -> calls.get(server.url())).isInstanceOf(SocketTimeoutException.class);

        assertThat(calls.get(server.url())).isEqualTo("200 []");
        assertThat(server.connections()).isEqualTo(2);
    }

    @Test
    void timesOutOnSilentServer() {
        replies.add(Replies.hang());

        assertThatThrownBy(() -> calls.get(server.url())).isInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void reusesConnectionAfterGoodResponse() throws IOException {
        replies.addAll(List.of(Replies.json("{}"), Replies.json("[]")));
        calls.get(server.url());

        assertThat(calls.get(server.url())).isEqualTo("200 []");
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void doesNotReuseConnectionOfEndedResponse() throws IOException {
        replies.addAll(List.of(Replies.large(1_000_000), Replies.json("[]")));
        assertThatThrownBy(() -> calls.get(server.url())).hasMessage(TOO_LARGE);

        assertThat(calls.get(server.url())).isEqualTo("200 []");
        assertThat(server.connections()).isEqualTo(2);
    }
}
