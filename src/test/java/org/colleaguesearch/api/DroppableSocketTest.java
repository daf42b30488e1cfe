package org.colleaguesearch.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class DroppableSocketTest {
    private static final int LONGER_THAN_THE_TEST = 60_000;

    private final RunCalls run = new RunCalls();

    /** When the client has made its socket, and closes nothing yet if it is told to cancel the call. */
    @Test
    void doesNotConnectForARunThatWasDroppedBefore() throws Exception {
        try (FullSocket host = new FullSocket();
                DroppableSocket socket = new DroppableSocket()) {
            run.drop();

            run.during(() ->
                    assertThatIOException().isThrownBy(() -> socket.connect(address(host), LONGER_THAN_THE_TEST)));

            assertThat(socket.isClosed()).isTrue();
        }
    }

    @RepeatedTest(10)
    void stopsConnectingWheneverItsRunIsDropped(RepetitionInfo repetition) throws Exception {
        try (FullSocket host = new FullSocket();
                DroppableSocket socket = new DroppableSocket()) {
            Thread call = Thread.ofPlatform().start(() -> connect(socket, host));
            Thread.sleep(repetition.getCurrentRepetition() - 1);

            run.drop();

            call.join();
            assertThat(socket.isClosed()).isTrue();
        }
    }

    private void connect(DroppableSocket socket, FullSocket host) {
        try {
            run.during(() -> socket.connect(address(host), LONGER_THAN_THE_TEST));
        } catch (Exception expected) {
            assertThat(expected).isInstanceOf(IOException.class);
        }
    }

    private static InetSocketAddress address(FullSocket host) throws IOException {
        return new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), host.port());
    }
}
