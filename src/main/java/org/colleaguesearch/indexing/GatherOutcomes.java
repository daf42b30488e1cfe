package org.colleaguesearch.indexing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.util.ArrayList;
import java.util.List;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;
import org.apache.camel.util.ObjectHelper;
import org.colleaguesearch.failure.PausedException;
import org.colleaguesearch.source.ApiFailures;
import org.colleaguesearch.source.CallState;
import org.springframework.stereotype.Component;

/**
 * Turns each finished call into one outcome, and the outcomes of a chunk into one {@link ChunkOutcomes}.
 *
 * <p>One instance serves the chunks of all runs concurrently, so it has no state: outcomes are collected on the exchange
 * that was split, which Camel hands to one thread at a time. It never returns the exchange of a call, whose failure would
 * become the failure of the chunk.
 *
 * <p>A call that failed because its run cannot continue is not an outcome: its exception becomes that of the chunk.
 *
 * <p>Variables of the split exchange: {@code chunk}, and {@code urls}, one for each person in order. Variable of a call
 * whose section has several pages: {@code pages}.
 */
@Component("gatherOutcomes")
class GatherOutcomes implements AggregationStrategy {
    private static final String OUTCOMES = "outcomes";
    private static final String FAILURE = "failure";

    @Override
    public Exchange aggregate(Exchange soFar, Exchange ended, Exchange chunk) {
        @SuppressWarnings("unchecked") // set two lines below, and nowhere else
        List<Outcome> outcomes = chunk.getProperty(OUTCOMES, List.class);
        if (outcomes == null) {
            outcomes = new ArrayList<>();
            chunk.setProperty(OUTCOMES, outcomes);
        }
        Exception failure = ofChunk(ended.getException());
        if (failure != null) {
            // A failure is the cause of pauses in other calls, so it takes precedence.
            if (!(failure instanceof PausedException) || chunk.getProperty(FAILURE) == null) {
                chunk.setProperty(FAILURE, failure);
            }
        } else {
            boolean isShown = chunk.getVariable("chunk", Chunk.class).isDryRun();
            outcomes.add(outcome(call(ended, chunk), ended, isShown));
        }
        return chunk;
    }

    @Override
    public Exchange aggregate(Exchange soFar, Exchange ended) {
        throw new UnsupportedOperationException("needs the exchange that was split");
    }

    @Override
    public void onCompletion(Exchange result, Exchange chunk) {
        @SuppressWarnings("unchecked")
        List<Outcome> outcomes = (List<Outcome>) chunk.removeProperty(OUTCOMES);
        if (chunk.removeProperty(FAILURE) instanceof Exception failure) {
            chunk.setException(failure);
            return;
        }
        chunk.getMessage().setBody(new ChunkOutcomes(chunk.getVariable("chunk", Chunk.class), outcomes));
    }

    /** The exception that the whole chunk fails with; null if the call succeeded, or failed because of its URL. */
    private static Exception ofChunk(Exception failure) {
        ChunkFailure whole = ObjectHelper.getException(ChunkFailure.class, failure);
        if (whole != null) {
            return whole.reason();
        }
        return failure instanceof PausedException ? failure : null;
    }

    private static Call call(Exchange ended, Exchange chunk) {
        Integer index = CallState.of(ended).splitIndex();
        if (index == null) {
            throw new IllegalStateException("cannot match this outcome to its URL: a step before"
                    + " direct:fetch-url removed the exchange property CamelSplitIndex; keep it");
        }
        return new Call(chunk.getVariable("chunk", Chunk.class).people().get(index), (String)
                chunk.getVariable("urls", List.class).get(index));
    }

    /** {@code isShown}: the response is shown as well, so the reason may quote it. */
    private static Outcome outcome(Call call, Exchange ended, boolean isShown) {
        int attempts = CallState.of(ended).attempts();
        Exception failure = ended.getException();
        PagedSection pages = ended.getVariable("pages", PagedSection.class);
        // One call for each page, plus the retries.
        int calls = attempts - 1 + (pages == null ? 1 : pages.calls());
        if (failure != null) {
            return new Failed(
                    call,
                    page(ended) + ApiFailures.reason(failure) + (isShown ? ofJq(failure) : ""),
                    ApiFailures.status(failure),
                    attempts,
                    calls);
        }
        Integer status = ended.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class);
        if (ended.getMessage().getBody() instanceof WrittenItems written) {
            return Fetched.ofWritten(call, written, status, attempts, calls);
        }
        if (pages != null && pages.isNotModified()) {
            return new Fetched(call, pages.items(), status, attempts, calls)
                    .with(Fetched.Change.NOT_MODIFIED, pages.items());
        }
        JsonNode section = ended.getMessage().getBody() instanceof JsonNode json ? json : NullNode.getInstance();
        Outcome outcome = Outcome.of(call, section, status, attempts, calls);
        return outcome instanceof Fetched fetched && pages != null ? fetched.with(pages.validators()) : outcome;
    }

    private static String ofJq(Exception failure) {
        JsonQueryException query = ObjectHelper.getException(JsonQueryException.class, failure);
        return query == null ? "" : " (jq: " + ApiFailures.firstLine(query.getMessage()) + ")";
    }

    /** The page that failed, if there are several. */
    private static String page(Exchange ended) {
        PagedSection pages = ended.getVariable("pages", PagedSection.class);
        return pages == null || !pages.isPaged() ? "" : "page " + pages.page() + ": ";
    }
}
