package org.colleaguesearch.monitoring;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.runs.Batch;
import org.colleaguesearch.runs.Run;
import org.slf4j.MDC;

/**
 * Adds the batch, run and chunk to each span, as {@link LogContext} does to each log line, from the MDC of the thread
 * that begins the span. Stateless.
 */
final class WorkAttributes implements SpanProcessor {
    static final AttributeKey<String> BATCH = AttributeKey.stringKey("colleagues.batch.id");
    static final AttributeKey<String> INDEXER = AttributeKey.stringKey("colleagues.run.indexer");
    static final AttributeKey<Long> CHUNK = AttributeKey.longKey("colleagues.chunk.number");

    /** For a span that began before its batch, run or chunk was known. */
    static void set(Span span, Batch batch) {
        span.setAttribute(BATCH, batch.id());
    }

    static void set(Span span, Run run) {
        set(span, run.batch());
        span.setAttribute(INDEXER, run.indexer());
    }

    static void set(Span span, Chunk chunk) {
        span.setAttribute(BATCH, chunk.batchId());
        span.setAttribute(INDEXER, chunk.indexer());
        span.setAttribute(CHUNK, (long) chunk.number());
    }

    @Override
    public void onStart(Context parent, ReadWriteSpan span) {
        span.setAttribute(BATCH, MDC.get(LogContext.BATCH));
        span.setAttribute(INDEXER, MDC.get(LogContext.RUN));
        String chunk = MDC.get(LogContext.CHUNK);
        if (chunk != null) {
            span.setAttribute(CHUNK, Long.valueOf(chunk));
        }
    }

    @Override
    public boolean isStartRequired() {
        return true;
    }

    @Override
    public void onEnd(ReadableSpan span) {
        // Set at the start.
    }

    @Override
    public boolean isEndRequired() {
        return false;
    }
}
