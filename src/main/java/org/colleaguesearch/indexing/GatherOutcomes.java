package org.colleaguesearch.indexing;

import com.fasterxml.jackson.databind.JsonNode;
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
 * Makes each ended call one outcome, and the outcomes of a chunk one {@link ChunkOutcomes}.
 *
 * <p>One instance serves all chunks of all runs at once, so it has no state: the outcomes gather on the exchange that
 * was split, which Camel hands to one thread at a time. Nor does it carry on the exchange of a call, whose failure
 * would then be taken for the failure of the chunk.
 *
 * <p>A call that only says that the run cannot go on, for now or at all, is no outcome: the chunk then has none, and
 * fails with it.
 *
 * <p>Variables of the split exchange: {@code chunk}, and {@code urls}, those of its people in order. Of a call's, where
 * its section comes in pages: {@code pages}.
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
            // One that is for good counts more than that others could not go on, which may come of it.
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

    /** What the whole chunk fails with, since it says nothing of the URL; null if it is the call's own failure, or none. */
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
                    + " direct:fetch-url has removed the property CamelSplitIndex: let that step keep it");
        }
        return new Call(chunk.getVariable("chunk", Chunk.class).people().get(index), (String)
                chunk.getVariable("urls", List.class).get(index));
    }

    /** {@code isShown}: the answer is shown, too, so that the reason may hold parts of it. */
    private static Outcome outcome(Call call, Exchange ended, boolean isShown) {
        int attempts = CallState.of(ended).attempts();
        Exception failure = ended.getException();
        PagedSection pages = ended.getVariable("pages", PagedSection.class);
        // Each page was called once, and again as often as any was.
        int calls = attempts - 1 + (pages == null ? 1 : pages.page());
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
            return new Fetched(call, written, status, attempts, calls);
        }
        if (!(ended.getMessage().getBody() instanceof JsonNode section && isListOfObjects(section))) {
            return new Failed(call, "the section is not a list of objects: check 'section'", status, attempts, calls);
        }
        return Unwritable.in(section)
                .<Outcome>map(reason -> new Failed(call, reason, status, attempts, calls))
                .orElseGet(() -> new Fetched(call, section, status, attempts, calls));
    }

    private static String ofJq(Exception failure) {
        JsonQueryException query = ObjectHelper.getException(JsonQueryException.class, failure);
        return query == null ? "" : " (jq: " + ApiFailures.firstLine(query.getMessage()) + ")";
    }

    /** Which page of the URL failed, where it has several. */
    private static String page(Exchange ended) {
        PagedSection pages = ended.getVariable("pages", PagedSection.class);
        return pages == null ? "" : "page " + pages.page() + ": ";
    }

    private static boolean isListOfObjects(JsonNode section) {
        if (!section.isArray()) {
            return false;
        }
        for (JsonNode item : section) {
            if (!item.isObject()) {
                return false;
            }
        }
        return true;
    }
}
