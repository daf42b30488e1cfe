package org.colleaguesearch.monitoring;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.semconv.ErrorAttributes;
import java.util.Objects;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.indexing.ChunkOutcomes;
import org.colleaguesearch.runs.Batch;
import org.colleaguesearch.runs.Run;
import org.colleaguesearch.source.ApiFailures;

/**
 * The outcome of a route's span: why the route failed and, if a batch, a run or a chunk began in it, which one and how
 * that ended. Belongs to one exchange.
 */
final class SpanOutcome {
    private static final int SERVER_ERROR = 500;

    private final Exchange exchange;
    private final Object batchBefore;
    private final Object runBefore;
    private final Object chunkBefore;

    /** Must be created when the exchange enters the route. */
    SpanOutcome(Exchange exchange) {
        this.exchange = exchange;
        batchBefore = exchange.getVariable("batch");
        runBefore = exchange.getVariable("run");
        chunkBefore = exchange.getVariable("chunk");
    }

    /** Records the outcome on the route's span; does nothing if the span is not recording. */
    void note(Span span) {
        if (!span.isRecording()) {
            return;
        }
        // The outermost comes first: the route may also have called routes that set the others.
        if (exchange.getVariable("batch") instanceof Batch batch && !batch.equals(batchBefore)) {
            WorkAttributes.set(span, batch);
            note(span, failure(batch), batch.exitCode() == 0);
        } else if (exchange.getVariable("run") instanceof Run run && !run.equals(runBefore)) {
            WorkAttributes.set(span, run);
            note(span, failure(run), run.state().isCompleted());
        } else if (exchange.getVariable("chunk") instanceof Chunk chunk && !chunk.equals(chunkBefore)) {
            WorkAttributes.set(span, chunk);
            if (exchange.getMessage().getBody() instanceof ChunkOutcomes outcomes) {
                note(span, failure(outcomes), true);
            }
        }
        Exception failure = exchange.getException();
        if (failure != null) {
            span.setAttribute(ErrorAttributes.ERROR_TYPE, failure.getClass().getName());
            span.setStatus(StatusCode.ERROR, ApiFailures.reason(failure));
        } else if (status() >= SERVER_ERROR) {
            span.setAttribute(ErrorAttributes.ERROR_TYPE, Integer.toString(status()));
            span.setStatus(
                    StatusCode.ERROR,
                    Optional.ofNullable(exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class))
                            .map(ApiFailures::reason)
                            .orElse(""));
        }
    }

    private static void note(Span span, Optional<String> failure, boolean isGood) {
        if (failure.isPresent()) {
            span.setStatus(StatusCode.ERROR, failure.get());
        } else if (isGood) {
            span.setStatus(StatusCode.OK);
        }
    }

    private static Optional<String> failure(ChunkOutcomes chunk) {
        return chunk.failed()
                .findFirst()
                .map(first ->
                        failed(chunk.failed().count(), chunk.outcomes().size()) + ", the first: " + first.reason());
    }

    /** A cancelled run is not a failure. */
    private static Optional<String> failure(Run run) {
        if (run.isCancelled()) {
            return Optional.empty();
        }
        if (run.failure() != null) {
            return Optional.of(run.state() + ": " + run.failure());
        }
        return run.counts().errors() == 0
                ? Optional.empty()
                : Optional.of(failed(run.counts().errors(), run.counts().urls()));
    }

    private static Optional<String> failure(Batch batch) {
        if (batch.failure() != null) {
            return Optional.of(batch.failure());
        }
        return batch.runs().stream()
                .map(run -> failure(run).map(why -> run.indexer() + ": " + why).orElse(null))
                .filter(Objects::nonNull)
                .reduce((one, other) -> one + "; " + other);
    }

    private static String failed(long errors, long urls) {
        return errors + " of " + urls + " URLs failed";
    }

    private int status() {
        Integer status = exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class);
        return status == null ? 0 : status;
    }
}
