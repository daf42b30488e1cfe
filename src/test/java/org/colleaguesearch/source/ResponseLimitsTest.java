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
    private static final String TOO_LARGE = "the answer is larger than max-response-size, 10240 bytes";

    private final Queue<Reply> replies = new ConcurrentLinkedQueue<>();
    private final ScriptedServer server = new ScriptedServer(request -> replies.remove());
    private final ApiCalls calls =
            new ApiCalls(server.url(), "colleagues.api.max-response-size=10KB", "colleagues.api.response-timeout=2s");

    @AfterEach
    void close() throws IOException {
        calls.close();
        server.close();
    }

    @Test
    void takesAnswerOfExactlyTheLimit() throws IOException {
        replies.addAll(List.of(Replies.large(10_240), Replies.gzipBomb(10_240)));

        assertThat(calls.get(server.url())).hasSize("200 ".length() + 10_240);
        assertThat(calls.get(server.url())).hasSize("200 ".length() + 10_240);
    }

    @Test
    void takesEmptyAnswer() throws IOException {
        replies.add(Replies.status(200, ""));

        assertThat(calls.get(server.url())).isEqualTo("200 ");
    }

    @Test
    void endsAnswerThatSaysItIsTooLarge() {
        replies.add(Replies.large(10_241));

        assertThatExceptionOfType(PermanentFailure.class)
                .isThrownBy(() -> calls.get(server.url()))
                .withMessage(TOO_LARGE);
    }

    @Test
    void endsAnswerThatDoesNotSayHowLargeItIs() {
        replies.add(Replies.largeInChunks(50_000_000));

        assertThatExceptionOfType(PermanentFailure.class)
                .isThrownBy(() -> calls.get(server.url()))
                .withMessage(TOO_LARGE);
    }

    @Test
    void countsWhatAnAnswerUnpacksTo() {
        replies.add(Replies.gzipBomb(50_000_000));

        assertThatExceptionOfType(PermanentFailure.class)
                .isThrownBy(() -> calls.get(server.url()))
                .withMessage(TOO_LARGE);
    }

    @Test
    void endsAnswerThatDripsFor2Minutes() {
        replies.add(Replies.drip(1200, Duration.ofMillis(100)));

        assertThatExceptionOfType(SocketTimeoutException.class)
                .isThrownBy(() -> calls.get(server.url()))
                .withMessage("the answer is not complete after 2000 ms");
    }

    /** Longer than the limit in all, though none of its silences is. */
    @Test
    void endsAnswerThatStallsAfterItDripped() {
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
                .withMessage("the answer is not complete after 2000 ms");
        // The silence after it alone would have lasted until 3.5 s.
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
    void endsAnswerWhoseHeadersDrip() {
        replies.add(Replies.dripHeaders(Duration.ofMillis(100)));

        assertThatExceptionOfType(SocketTimeoutException.class)
                .isThrownBy(() -> calls.get(server.url()))
                .withMessage("the answer is not complete after 2000 ms");
    }

    @Test
    void endsAnswerWhoseHeadersNeverEnd() {
        replies.add(Replies.endlessHeaders());

        assertThatExceptionOfType(MessageConstraintException.class)
                .isThrownBy(() -> calls.get(server.url()))
                .withMessage("Maximum header count exceeded");
    }

    @Test
    void usesConnectionOfDrippingHeadersNeverAgain() throws IOException {
        replies.addAll(List.of(Replies.dripHeaders(Duration.ofMillis(100)), Replies.json("[]")));
        assertThatThrownBy(() -> calls.get(server.url())).isInstanceOf(SocketTimeoutException.class);

        assertThat(calls.get(server.url())).isEqualTo("200 []");
        assertThat(server.connections()).isEqualTo(2);
    }

    @Test
    void givesUpSilentServer() {
        replies.add(Replies.hang());

        assertThatThrownBy(() -> calls.get(server.url())).isInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void usesConnectionAgainAfterGoodAnswer() throws IOException {
        replies.addAll(List.of(Replies.json("{}"), Replies.json("[]")));
        calls.get(server.url());

        assertThat(calls.get(server.url())).isEqualTo("200 []");
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void usesConnectionOfEndedAnswerNeverAgain() throws IOException {
        replies.addAll(List.of(Replies.large(1_000_000), Replies.json("[]")));
        assertThatThrownBy(() -> calls.get(server.url())).hasMessage(TOO_LARGE);

        assertThat(calls.get(server.url())).isEqualTo("200 []");
        assertThat(server.connections()).isEqualTo(2);
    }
}
