package org.colleaguesearch.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.Header;
import org.colleaguesearch.delivery.ExportFiles;
import org.colleaguesearch.failure.RequestRefused;
import org.colleaguesearch.failure.RequestRefused.Kind;
import org.colleaguesearch.ledger.ExportEntry;
import org.colleaguesearch.ledger.ExportLedger;
import org.colleaguesearch.ledger.State;
import org.colleaguesearch.runs.Batch;
import org.colleaguesearch.runs.Batches;
import org.colleaguesearch.runs.ExportBatches;
import org.colleaguesearch.settings.Settings;
import org.colleaguesearch.source.ApiFailures;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Accepts, finds, cancels and closes exports, each of which belongs to the API key that asked for it. Any thread may:
 * a job is accepted by one request at a time, and the others of its id wait for that one.
 */
@Component("exports")
public class Exports {
    private static final Logger LOG = LoggerFactory.getLogger(Exports.class);
    /** In ASCII, since PostgreSQL takes no half characters. */
    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    /** To note 100,000 URLs takes some seconds; longer than this means that the database hangs. */
    private static final Duration ACCEPTANCE = Duration.ofSeconds(60);

    /** A job that has ended is closed within a moment, unless the database is down. */
    private static final Duration CLOSING = Duration.ofSeconds(10);

    /** Jobs that are named to whoever has no room for more. */
    private static final int NAMED = 3;

    /** A job is accepted when a tenth of the space of its key is left: else it would most likely fail. */
    private static final int ROOM = 10;

    /** Seconds after which a place may be free. Nobody knows: short jobs take less. */
    private static final Duration RETRY_AFTER = Duration.ofSeconds(30);

    private final ExportLedger ledger;
    private final ExportBatches open;
    private final Batches batches;
    private final ExportFiles files;
    private final ExportWaits waits;
    private final Settings settings;
    /** The requests that are being accepted, by job: at most as many as there are requests. */
    private final ConcurrentHashMap<Job, CompletableFuture<Void>> accepting = new ConcurrentHashMap<>();

    Exports(
            ExportLedger ledger,
            ExportBatches open,
            Batches batches,
            ExportFiles files,
            ExportWaits waits,
            Settings settings) {
        this.ledger = ledger;
        this.open = open;
        this.batches = batches;
        this.files = files;
        this.waits = waits;
        this.settings = settings;
    }

    /** The header with the name of the API key that asks. */
    private static final String CALLER = "X-API-Caller";

    private record Job(String caller, String id) {}

    /**
     * The job that is asked for: a new one, which the ledger has when this returns, or the one that was accepted before.
     *
     * @throws RequestRefused when there is one with another body, or the files of the caller's jobs take all the
     *     room they may, 429 when there are too many under way, 503 when none can be accepted now
     */
    public ExportEntry accept(ExportRequest request) {
        return ledger.find(request.caller(), request.jobId())
                .map(known -> same(known, request))
                .orElseGet(() -> acceptAlone(request));
    }

    private ExportEntry acceptAlone(ExportRequest request) {
        Job job = new Job(request.caller(), request.jobId());
        CompletableFuture<Void> mine = new CompletableFuture<>();
        for (CompletableFuture<Void> other = accepting.putIfAbsent(job, mine);
                other != null;
                other = accepting.putIfAbsent(job, mine)) {
            await(other);
        }
        try {
            return ledger.find(job.caller(), job.id())
                    .map(known -> same(known, request))
                    .orElseGet(() -> acceptNew(request));
        } finally {
            accepting.remove(job, mine);
            mine.complete(null);
        }
    }

    private static void await(CompletableFuture<Void> other) {
        try {
            other.get(ACCEPTANCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RequestRefused(Kind.UNAVAILABLE, "the server stops; ask again later");
        } catch (TimeoutException | ExecutionException e) {
            throw new RequestRefused(
                    Kind.UNAVAILABLE, "another request with this job_id is being accepted; ask again later");
        }
    }

    private static ExportEntry same(ExportEntry known, ExportRequest request) {
        if (!known.digest().equals(request.digest())) {
            throw new RequestRefused(
                    Kind.CONFLICT,
                    "there is a job of this job_id with other URLs or columns: give this one another id",
                    "/job_id");
        }
        return known;
    }

    private ExportEntry acceptNew(ExportRequest request) {
        if (open.isStopping()) {
            throw new RequestRefused(Kind.UNAVAILABLE, "the server stops; ask again later");
        }
        checkPlaces(request.caller());
        checkSize(request.caller());
        Instant accepted = batches.newTime();
        String batchId = Batches.id(accepted);
        ledger.accept(
                batchId,
                accepted,
                request.caller(),
                request.jobId(),
                request.digest(),
                request.columns().map(Exports::json).orElse(null),
                request.urls(),
                settings.indexing().batchSize());
        LOG.info(
                "export {} of {} accepted as batch {}: {} URLs",
                request.jobId(),
                request.caller(),
                batchId,
                request.urls().size());
        return ledger.find(request.caller(), request.jobId()).orElseThrow();
    }

    /**
     * Those that are being accepted, this one among them, are counted before those that are: so no job is missed that
     * goes from the ones to the others meanwhile, and of two that come at once for the last place at most one gets it.
     */
    private void checkPlaces(String caller) {
        long ofCaller = accepting.keySet().stream()
                .filter(job -> job.caller().equals(caller))
                .count();
        long ofAll = accepting.size();
        int jobs = ledger.countUnfinished(caller);
        if (ofCaller + jobs > settings.export().maxJobsPerKey()) {
            throw full("this API key has " + settings.export().maxJobsPerKey() + " exports under way");
        }
        // The last place is for a key that has none.
        int forCaller = settings.export().maxJobs() - (ofCaller + jobs > 1 ? 1 : 0);
        if (ofAll + ledger.countUnfinished(null) > forCaller) {
            throw full("there are " + forCaller + " exports under way");
        }
    }

    private void checkSize(String caller) {
        long size = files.sizeOfKey(caller);
        long most = settings.export().maxSizePerKey().toBytes();
        if (size < most - most / ROOM) {
            return;
        }
        List<String> largest = ledger.largest(caller, NAMED);
        throw new RequestRefused(
                Kind.CONFLICT,
                "the files of this API key's exports take " + size + " of the " + most
                        + " bytes of colleagues.export.max-size-per-key, which leaves less than a tenth; "
                        + (largest.isEmpty()
                                ? "ask again when an export has ended"
                                : "delete exports that are no longer needed; the largest: "
                                        + String.join(", ", largest)));
    }

    private static RequestRefused full(String why) {
        return new RequestRefused(Kind.TOO_MANY, why + ", and no more are taken; ask again when one has ended")
                .retryAfter(RETRY_AFTER);
    }

    private static String json(List<String> texts) {
        try {
            return JSON.writeValueAsString(texts);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a list of texts is JSON", e);
        }
    }

    /**
     * The job of a caller. Routes hand its headers on as they are: in an expression Camel would take the id {@code null} for
     * nothing.
     *
     * @throws RequestRefused when the caller has none of that id, whoever else may have
     */
    public ExportEntry find(@Header(CALLER) String caller, @Header("job_id") String jobId) {
        return ledger.find(Objects.requireNonNull(caller), jobId)
                .orElseThrow(() -> new RequestRefused(Kind.NOT_FOUND, "there is no such export, or no more", "job_id"));
    }

    /** The batch of a job that is to be begun, continued or closed; null when it is under way or has ended. */
    public Batch open(ExportEntry job) {
        return open.open(job.batchId(), job.urls(), job.caller());
    }

    /** The jobs that are to be begun, continued or closed, oldest first, also those under way. */
    public List<ExportEntry> unfinished() {
        return ledger.unfinished();
    }

    /** Waits until a job has ended or paused, but no longer than {@code colleagues.export.wait-at-most}. */
    public void await(ExportEntry job) {
        waits.await(job.batchId(), settings.export().waitAtMost(), () -> isUnderWay(job));
    }

    /** One that was removed meanwhile has ended. */
    private boolean isUnderWay(ExportEntry job) {
        return open.isOpen(job.batchId())
                && ledger.find(job.caller(), job.jobId())
                        .filter(now -> !now.state().isFinal())
                        .isPresent();
    }

    /**
     * Cancels a job that has not ended: no new chunk of it begins, its calls end, and it is not continued. Removes one
     * that is completed, with its files. One that has failed or was cancelled has none, and stays as it is.
     *
     * @return the job as it then stands, or stood
     * @throws RequestRefused when it is not closed yet
     */
    public ExportEntry delete(ExportEntry job) {
        if (open.cancel(job.batchId(), "cancelled by " + job.caller())) {
            files.stop(job.batchId());
            LOG.info("export {} of {} cancelled", job.jobId(), job.caller());
            if (!open.isOpen(job.batchId())) {
                files.delete(job.batchId());
            }
        }
        ExportEntry now = find(job.caller(), job.jobId());
        if (now.state() == State.COMPLETED) {
            remove(now);
        }
        return now;
    }

    private void remove(ExportEntry job) {
        waits.await(job.batchId(), CLOSING, () -> open.isOpen(job.batchId()));
        if (!open.forget(job.batchId())) {
            throw new RequestRefused(
                            Kind.UNAVAILABLE,
                            "the job has just ended, and its files are being put into place; ask again")
                    .retryAfter(Duration.ofSeconds(1));
        }
        LOG.info("export {} of {} removed", job.jobId(), job.caller());
    }

    /** Closes a job whose run has ended or paused, and wakes those who wait for that. */
    public void close(Batch batch) {
        try {
            open.close(batch);
        } catch (RuntimeException e) {
            // It is continued, or found to have ended, by what continues those that were cut off.
            LOG.error("the export of batch {} cannot be closed: {}", batch.id(), ApiFailures.reason(e));
        } finally {
            waits.ended(batch.id());
        }
    }
}
