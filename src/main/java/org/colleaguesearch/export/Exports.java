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
 * Accepts, finds, cancels and closes exports. Each belongs to the API key that created it. Thread-safe: one request at a
 * time accepts a job, and other requests with its id wait.
 */
@Component("exports")
public class Exports {
    private static final Logger LOG = LoggerFactory.getLogger(Exports.class);
    /** Writes ASCII, because PostgreSQL rejects unpaired surrogates. */
    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    /** Storing 100,000 URLs takes some seconds; longer than this means that the database hangs. */
    private static final Duration ACCEPT_TIMEOUT = Duration.ofSeconds(60);

    /** A finished job is closed within a moment, unless the database is down. */
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    /** The number of largest jobs to name if the key's disk space is used up. */
    private static final int MAX_NAMED_JOBS = 3;

    /** A job is accepted only if a tenth of its key's space is left: with less, it would most likely fail. */
    private static final int ROOM = 10;

    /** When a place may be free. A guess: short jobs take less. */
    private static final Duration RETRY_AFTER = Duration.ofSeconds(30);
    /** How long a request waits that another node has handed on: that node waits for 60 s (ask-keeper.camel.yaml). */
    private static final Duration HANDED_ON = Duration.ofSeconds(40);

    private final ExportLedger ledger;
    private final ExportBatches open;
    private final Batches batches;
    private final ExportFiles files;
    private final ExportWaits waits;
    private final Settings settings;
    /** The requests being accepted, by job. Bounded by the number of requests in flight. */
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

    /** The header with the name of the requesting API key. */
    private static final String CALLER = "X-API-Caller";

    private record Job(String caller, String id) {}

    /**
     * Returns the requested job: a new one, which is in the ledger by then, or the one that was accepted before.
     *
     * @throws RequestRefused 409 if the id belongs to a job with another body, or the caller's jobs use up their disk space;
     *     429 if too many jobs are in progress; 503 if none can be accepted now
     */
    public ExportEntry accept(ExportRequest request) {
        return ledger.find(request.caller(), request.jobId())
                .map(known -> checkSame(known, request))
                .orElseGet(() -> acceptExclusively(request));
    }

    private ExportEntry acceptExclusively(ExportRequest request) {
        Job job = new Job(request.caller(), request.jobId());
        CompletableFuture<Void> mine = new CompletableFuture<>();
        for (CompletableFuture<Void> other = accepting.putIfAbsent(job, mine);
                other != null;
                other = accepting.putIfAbsent(job, mine)) {
            await(other);
        }
        try {
            return ledger.find(job.caller(), job.id())
                    .map(known -> checkSame(known, request))
                    .orElseGet(() -> acceptNew(request));
        } finally {
            accepting.remove(job, mine);
            mine.complete(null);
        }
    }

    private static void await(CompletableFuture<Void> other) {
        try {
            other.get(ACCEPT_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RequestRefused(Kind.UNAVAILABLE, "the server is stopping; try again later");
        } catch (TimeoutException | ExecutionException e) {
            throw new RequestRefused(
                    Kind.UNAVAILABLE, "another request with this job_id is still being accepted; try again later");
        }
    }

    private static ExportEntry checkSame(ExportEntry known, ExportRequest request) {
        if (!known.digest().equals(request.digest())) {
            throw new RequestRefused(
                    Kind.CONFLICT,
                    "a job with this job_id but other URLs or columns already exists; use another job_id",
                    "/job_id");
        }
        return known;
    }

    private ExportEntry acceptNew(ExportRequest request) {
        if (open.isStopping()) {
            throw new RequestRefused(Kind.UNAVAILABLE, "the server is stopping; try again later");
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
                "accepted export {} of key {} as batch {}: {} URLs",
                request.jobId(),
                request.caller(),
                batchId,
                request.urls().size());
        return ledger.find(request.caller(), request.jobId()).orElseThrow();
    }

    /**
     * Counts the jobs being accepted, including this one, before the accepted ones. A job that moves from the first group to
     * the second meanwhile is then not missed, and at most one of two simultaneous requests gets the last place.
     */
    private void checkPlaces(String caller) {
        long ofCaller = accepting.keySet().stream()
                .filter(job -> job.caller().equals(caller))
                .count();
        long ofAll = accepting.size();
        int jobs = ledger.countUnfinished(caller);
        if (ofCaller + jobs > settings.export().maxJobsPerKey()) {
            throw tooManyJobs("this API key already has " + settings.export().maxJobsPerKey() + " exports in progress");
        }
        // The last place is reserved for a key that has none.
        int forCaller = settings.export().maxJobs() - (ofCaller + jobs > 1 ? 1 : 0);
        if (ofAll + ledger.countUnfinished(null) > forCaller) {
            throw tooManyJobs("the service already has " + forCaller + " exports in progress");
        }
    }

    private void checkSize(String caller) {
        long size = files.sizeOfKey(caller);
        long max = settings.export().maxSizePerKey().toBytes();
        if (size < max - max / ROOM) {
            return;
        }
        List<String> largest = ledger.largest(caller, MAX_NAMED_JOBS);
        throw new RequestRefused(
                Kind.CONFLICT,
                "the files of this API key's exports use " + size + " of " + max
                        + " bytes (colleagues.export.max-size-per-key), which leaves less than a tenth; "
                        + (largest.isEmpty()
                                ? "try again when an export has finished"
                                : "delete exports that you no longer need; the largest: "
                                        + String.join(", ", largest)));
    }

    private static RequestRefused tooManyJobs(String why) {
        return new RequestRefused(Kind.TOO_MANY, why + "; try again when one has finished").retryAfter(RETRY_AFTER);
    }

    private static String json(List<String> texts) {
        try {
            return JSON.writeValueAsString(texts);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a list of texts is JSON", e);
        }
    }

    /**
     * Finds a job of a caller. Binds headers because in a method expression, Camel would turn the id {@code "null"} into null.
     *
     * @throws RequestRefused if the caller has no job with this id, even if another key has one
     */
    public ExportEntry find(@Header(CALLER) String caller, @Header("job_id") String jobId) {
        return ledger.find(Objects.requireNonNull(caller), jobId)
                .orElseThrow(() -> new RequestRefused(
                        Kind.NOT_FOUND, "unknown export '" + jobId + "'; it may have been deleted", "job_id"));
    }

    /** Opens the batch of a job to start, continue or close it; null if the job is in progress or finished. */
    public Batch open(ExportEntry job) {
        return open.open(job.batchId(), job.urls(), job.caller());
    }

    /** The unfinished and unclosed jobs, oldest first, including those in progress. */
    public List<ExportEntry> unfinished() {
        return ledger.unfinished();
    }

    /**
     * Waits until a job has finished or paused, for at most {@code colleagues.export.wait-at-most}.
     *
     * @param handedOn the operation, if another node has handed the request on and waits for an answer; otherwise null
     */
    public void await(ExportEntry job, String handedOn) {
        Duration most = settings.export().waitAtMost();
        boolean isShort = handedOn != null && most.compareTo(HANDED_ON) > 0;
        waits.await(job.batchId(), isShort ? HANDED_ON : most, () -> isInProgress(job));
    }

    /** A job that was removed meanwhile is not in progress. */
    private boolean isInProgress(ExportEntry job) {
        return open.isOpen(job.batchId())
                && ledger.find(job.caller(), job.jobId())
                        .filter(now -> !now.state().isFinal())
                        .isPresent();
    }

    /**
     * Cancels an unfinished job: its calls are aborted, no new chunk starts, and it is not continued. Removes a completed job
     * with its files. A failed or cancelled job has no files, and stays as it is.
     *
     * @return the job after its cancellation, or before its removal
     * @throws RequestRefused if a completed job is not closed yet
     */
    public ExportEntry delete(ExportEntry job) {
        if (open.cancel(job.batchId(), "cancelled by " + job.caller())) {
            files.stop(job.batchId());
            LOG.info("cancelled export {} of key {}", job.jobId(), job.caller());
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
        waits.await(job.batchId(), CLOSE_TIMEOUT, () -> open.isOpen(job.batchId()));
        if (!open.forget(job.batchId())) {
            throw new RequestRefused(
                            Kind.UNAVAILABLE,
                            "the job has just finished, and its files are being moved into place; try again")
                    .retryAfter(Duration.ofSeconds(1));
        }
        LOG.info("removed export {} of key {}", job.jobId(), job.caller());
    }

    /** Closes a job whose run has finished or paused, and wakes the requests that wait for it. */
    public void close(Batch batch) {
        try {
            open.close(batch);
        } catch (RuntimeException e) {
            // The route continue-exports picks it up again.
            LOG.error("cannot close the export of batch {}: {}", batch.id(), ApiFailures.reason(e));
        } finally {
            waits.ended(batch.id());
        }
    }
}
