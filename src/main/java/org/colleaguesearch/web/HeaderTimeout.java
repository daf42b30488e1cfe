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
 * Closes a connection if the headers of a request take too long. Tomcat's own time-out restarts with each byte, so it closes
 * only silent connections. Thread-safe: one thread at a time handles a connection, and the map is concurrent.
 */
final class HeaderTimeout<S> implements Handler<S> {
    /** Set when the event that this thread handles completes the headers. */
    private static final ThreadLocal<Boolean> ARE_READ = new ThreadLocal<>();

    private final Handler<S> tomcat;
    private final IntSupplier limitMillis;

    /** When the headers began ({@link System#nanoTime()}), for each open connection whose headers are incomplete. */
    private final Map<SocketWrapperBase<S>, Long> starts = new ConcurrentHashMap<>();

    /** Wraps Tomcat's handler. {@code limitMillis}: 0 or less for no limit. */
    HeaderTimeout(Handler<S> tomcat, IntSupplier limitMillis) {
        this.tomcat = tomcat;
        this.limitMillis = limitMillis;
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
            starts.remove(connection);
            return state;
        }
        long now = System.nanoTime();
        Long start = starts.putIfAbsent(connection, now);
        if (connection.isClosed()) {
            starts.remove(connection);
        }
        return start != null && isTooLong(now - start) ? SocketState.CLOSED : state;
    }

    private boolean isTooLong(long nanos) {
        return limitMillis.getAsInt() > 0 && nanos > TimeUnit.MILLISECONDS.toNanos(limitMillis.getAsInt());
    }

    @Override
    public Object getGlobal() {
        return tomcat.getGlobal();
    }

    @Override
    public void release(SocketWrapperBase<S> connection) {
        starts.remove(connection);
        tomcat.release(connection);
    }

    @Override
    public void pause() {
        tomcat.pause();
    }

    @Override
    public void recycle() {
        starts.clear();
        tomcat.recycle();
    }
}
