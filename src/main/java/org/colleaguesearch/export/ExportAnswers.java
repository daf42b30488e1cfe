package org.colleaguesearch.export;

import java.util.LinkedHashMap;
import java.util.Map;
import org.colleaguesearch.failure.RequestRefused;
import org.colleaguesearch.failure.RequestRefused.Kind;
import org.colleaguesearch.ledger.ExportEntry;
import org.colleaguesearch.ledger.State;
import org.springframework.stereotype.Component;

/** What a caller is told of an export, as the contract has it. Stateless. */
@Component("exportAnswers")
public class ExportAnswers {
    private final Exports exports;

    ExportAnswers(Exports exports) {
        this.exports = exports;
    }

    /** Whether the answer to a request is to wait for the job: unless it has {@code Prefer: respond-async}. */
    public boolean isToWait(String prefer) {
        return !Preferences.respondAsync(prefer);
    }

    /**
     * The answer to a request for a job, the job: with 202 where it is not to be waited for, or has not ended in time;
     * with 200 when it is completed.
     *
     * @param prefer the header of that name, or null
     * @param headers of the answer, to be added to
     * @throws RequestRefused when the job cannot be done, or has been cancelled
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
            throw new RequestRefused(Kind.CONFLICT, "the job has been cancelled: ask with another job_id");
        }
        if (job.state() != State.COMPLETED) {
            throw new RequestRefused(Kind.INVALID, "the job cannot be done: " + job.error());
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

    /** As the contract names it. */
    public static String state(State state) {
        return switch (state) {
            case NOT_STARTED -> "accepted";
            case ABANDONED -> State.FAILED.toString();
            default -> state.toString();
        };
    }
}
