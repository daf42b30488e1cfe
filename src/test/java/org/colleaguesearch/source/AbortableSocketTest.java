package org.colleaguesearch.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class AbortableSocketTest {
    private static final int LONGER_THAN_THE_TEST = 60_000;

    private final RunCalls run = new RunCalls();

    /** The client has created its socket, but does not close it yet when the call is cancelled. */
    @Test
    void doesNotConnectForADroppedRun() throws Exception {
        try (FullSocket host = new FullSocket();
                AbortableSocket socket = new AbortableSocket()) {
            run.drop();

            run.during(() ->
                    assertThatIOException().isThrownBy(() -> socket.connect(address(host), LONGER_THAN_THE_TEST)));

            assertThat(socket.isClosed()).isTrue();
        }
    }

    @Test
    void stopsConnectingWhenItsRunIsDropped() throws Exception {
        try (FullSocket host = new FullSocket();
                AbortableSocket socket = new AbortableSocket()) {
            AtomicReference<Throwable> failure = new AtomicReference<>();
            Thread call = Thread.ofPlatform()
                    .start(() -> failure.set(catchThrowable(
                            () -> run.during(() -> socket.connect(address(host), LONGER_THAN_THE_TEST)))));
            await().until(() -> isConnecting(call));

            run.drop();

            call.join();
            assertThat(failure.get()).isInstanceOf(IOException.class);
            assertThat(socket.isClosed()).isTrue();
        }
    }

    private static boolean isConnecting(Thread call) {
        return Stream.of(call.getStackTrace())
                .anyMatch(frame -> frame.getClassName().equals(Socket.class.getName())
                        && frame.getMethodName().equals("connect"));
    }

    private static InetSocketAddress address(FullSocket host) throws IOException {
        return new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), host.port());
    }
}
