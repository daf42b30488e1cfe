package org.colleaguesearch.web;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.apache.coyote.Processor;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;

/**
 * Closes a connection on which the headers of a request take too long. Tomcat's own time-out restarts with each byte, and
 * still ends silent connections. Safe for any thread: one thread at a time handles a connection, and the map is concurrent.
 */
final class HeaderTime<S> implements Handler<S> {
    /** Set when the event that this thread handles completes the headers. */
    private static final ThreadLocal<Boolean> ARE_READ = new ThreadLocal<>();

    private final Handler<S> tomcat;
    private final IntSupplier longest;

    /** When the headers began ({@link System#nanoTime()}), for each open connection on which they are not complete. */
    private final Map<SocketWrapperBase<S>, Long> begun = new ConcurrentHashMap<>();

    /** Wraps Tomcat's own. {@code longest}: milliseconds; 0 or less for no limit. */
    HeaderTime(Handler<S> tomcat, IntSupplier longest) {
        this.tomcat = tomcat;
        this.longest = longest;
    }

    /** Called when the headers of this thread's connection are complete. */
    static void headersAreRead() {
        ARE_READ.set(true);
    }

    @Override
    public SocketState process(SocketWrapperBase<S> connection, SocketEvent event) {
        boolean isAnswering = connection.getCurrentProcessor() instanceof Processor processor && processor.isAsync();
        ARE_READ.remove();
        SocketState state = tomcat.process(connection, event);
        boolean isReading = state == SocketState.LONG || state == SocketState.OPEN;
        if (isAnswering || ARE_READ.get() != null || !isReading) {
            begun.remove(connection);
            return state;
        }
        long now = System.nanoTime();
        Long start = begun.putIfAbsent(connection, now);
        if (connection.isClosed()) {
            begun.remove(connection);
        }
        return start != null && isTooLong(now - start) ? SocketState.CLOSED : state;
    }

    private boolean isTooLong(long nanos) {
        return longest.getAsInt() > 0 && nanos > TimeUnit.MILLISECONDS.toNanos(longest.getAsInt());
    }

    @Override
    public Object getGlobal() {
        return tomcat.getGlobal();
    }

    @Override
    public void release(SocketWrapperBase<S> connection) {
        begun.remove(connection);
        tomcat.release(connection);
    }

    @Override
    public void pause() {
        tomcat.pause();
    }

    @Override
    public void recycle() {
        begun.clear();
        tomcat.recycle();
    }
}
