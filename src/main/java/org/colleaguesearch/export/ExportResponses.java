package org.colleaguesearch.export;

import java.util.LinkedHashMap;
import java.util.Map;
import org.colleaguesearch.failure.RequestRefused;
import org.colleaguesearch.failure.RequestRefused.Kind;
import org.colleaguesearch.ledger.ExportEntry;
import org.colleaguesearch.ledger.State;
import org.springframework.stereotype.Component;

/** Represents exports in responses, as the contract defines them. Stateless. */
@Component("exportResponses")
public class ExportResponses {
    private final Exports exports;

    ExportResponses(Exports exports) {
        this.exports = exports;
    }

    /** Whether the response should wait for the job: unless the request has {@code Prefer: respond-async}. */
    public boolean isToWait(String prefer) {
        return !Preferences.respondAsync(prefer);
    }

    /**
     * The response to the creation of a job: the job, with 200 if it is completed, or 202 if the request does not wait or the
     * job is not finished in time.
     *
     * @param prefer the {@code Prefer} header, or null
     * @param headers the headers of the response, which this method adds to
     * @throws RequestRefused if the job failed or was cancelled
     */
    public Map<String, Object> toRequest(ExportEntry job, String prefer, Map<String, Object> headers) {
        ExportEntry now = exports.find(job.caller(), job.jobId());
        boolean isAsync = !isToWait(prefer);
        if (!isAsync && now.state().isFinal()) {
            checkCompleted(now);
            return document(now);
        }
        headers.put("CamelHttpResponseCode", 202);
        headers.put("Location", "/api/exports/" + now.jobId());
        if (isAsync) {
            headers.put("Preference-Applied", "respond-async");
        }
        return document(now);
    }

    private static void checkCompleted(ExportEntry job) {
        if (job.state() == State.CANCELLED) {
            throw new RequestRefused(Kind.CONFLICT, "the job was cancelled; use another job_id");
        }
        if (job.state() != State.COMPLETED) {
            throw new RequestRefused(Kind.INVALID, "the job failed: " + job.error());
        }
    }

    /** The contract's {@code Export}. */
    public Map<String, Object> document(ExportEntry job) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("job_id", job.jobId());
        document.put("state", state(job.state()));
        document.put("urls", job.urls());
        document.put("done", job.counts().urls());
        document.put("rows", job.counts().rows());
        document.put("errors", job.counts().errors());
        document.put("accepted", job.accepted().toString());
        if (job.state().isFinal() && job.ended() != null) {
            document.put("ended", job.ended().toString());
        }
        if (job.error() != null) {
            document.put("error", job.error());
        }
        return document;
    }

    /** The contract's name of a state. */
    public static String state(State state) {
        return switch (state) {
            case NOT_STARTED -> "accepted";
            case ABANDONED -> State.FAILED.toString();
            default -> state.toString();
        };
    }
}
