package org.colleaguesearch.runs;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.colleaguesearch.delivery.CsvFiles;
import org.colleaguesearch.failure.RequestRefused;
import org.colleaguesearch.indexing.Indexer;
import org.colleaguesearch.indexing.Indexers;
import org.colleaguesearch.indexing.Searched;
import org.colleaguesearch.ledger.HeldLedger;
import org.colleaguesearch.ledger.History;
import org.colleaguesearch.ledger.State;
import org.springframework.stereotype.Component;

/** API responses about runs and indexers, read from the ledger, so that they survive restarts. Stateless. */
@Component("runDocuments")
class RunDocuments {
    private static final int PAGE = 50;

    private final History history;
    private final OpenBatches open;
    private final Batches batches;
    private final Indexers indexers;
    private final Schedule schedule;
    private final CsvFiles csv;
    private final HeldLedger held;

    RunDocuments(
            History history,
            OpenBatches open,
            Batches batches,
            Indexers indexers,
            Schedule schedule,
            CsvFiles csv,
            HeldLedger held) {
        this.history = history;
        this.open = open;
        this.batches = batches;
        this.indexers = indexers;
        this.schedule = schedule;
        this.csv = csv;
        this.held = held;
    }

    /** {@code RunPage} of the contract. */
    record Page(long total, int page, int size, List<RunDocument> runs) {}

    /** {@code HeldPage} of the contract. */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    record HeldPage(String runId, long total, List<HeldDocument> held) {}

    /** An outcome that would empty the section of a person; the rest is null for a person who would be removed. */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record HeldDocument(int position, String personId, String name, String url, Integer items) {}

    /** {@code Indexers} of the contract. */
    record IndexerList(List<IndexerDocument> indexers) {}

    /** An indexer; {@code nextRun} is null if the settings do not enable it, what is searched if nothing is. */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record IndexerDocument(
            String name,
            List<String> columns,
            String pool,
            List<String> search,
            List<String> filters,
            List<String> suggestions,
            List<String> show,
            String schedule,
            String timeZone,
            String nextRun,
            RunDocument lastRun) {}

    /**
     * A page of the runs, newest first. Each of {@code indexer}, {@code batchId} and {@code state} filters unless null.
     *
     * @param page counts from 1; null for the first
     * @param size runs a page; null for 50
     */
    public Page page(String indexer, String batchId, String state, Integer page, Integer size) {
        History.Filter filter = new History.Filter(indexer, batchId, state == null ? null : State.of(state));
        int number = page == null ? 1 : page;
        int limit = size == null ? PAGE : size;
        return new Page(
                history.count(filter),
                number,
                limit,
                history.runs(filter, (number - 1L) * limit, limit).stream()
                        .map(this::document)
                        .toList());
    }

    /**
     * A run.
     *
     * @throws RequestRefused when no run has this id
     */
    public RunDocument run(String runId) {
        return document(entry(RunId.of(runId)));
    }

    /**
     * The failed URLs of a run as CSV, read from the ledger while the response is sent.
     *
     * @throws RequestRefused when no run has this id
     */
    public InputStream errors(String runId) {
        RunId id = RunId.of(runId);
        entry(id);
        return csv.errors(id.indexer(), id.batchId());
    }

    /**
     * A page of the outcomes that a run holds.
     *
     * @param after the position of the last person already read; null for the first page
     * @param size null for 50
     * @throws RequestRefused when no run has this id
     */
    public HeldPage held(String runId, Integer after, Integer size) {
        RunId id = RunId.of(runId);
        int last = after == null ? -1 : after;
        int limit = size == null ? PAGE : size;
        if (id.isPeople()) {
            checkKnown(id);
            return new HeldPage(
                    runId,
                    held.countPeople(id.batchId()),
                    held.people(id.batchId(), last, limit).entrySet().stream()
                            .map(person -> new HeldDocument(person.getKey(), person.getValue(), null, null, null))
                            .toList());
        }
        entry(id);
        return new HeldPage(
                runId,
                held.count(id.batchId(), id.indexer()),
                held.read(id.batchId(), id.indexer(), last, limit).stream()
                        .map(each -> new HeldDocument(
                                each.position(),
                                each.person().id(),
                                each.person().name(),
                                each.url(),
                                each.items()))
                        .toList());
    }

    private void checkKnown(RunId ofPeople) {
        if (history.count(new History.Filter(null, ofPeople.batchId(), null)) == 0) {
            throw ofPeople.unknown();
        }
    }

    /** The number of outcomes that a run holds, in the same form. */
    public HeldPage heldCount(String runId) {
        HeldPage page = held(runId, null, 1);
        return new HeldPage(runId, page.total(), List.of());
    }

    /** All indexers, by name. */
    public IndexerList indexers() {
        String next = schedule.next().map(Instant::toString).orElse(null);
        List<String> allowed = batches.allowed();
        return new IndexerList(indexers.all().stream()
                .map(indexer -> document(indexer, allowed.contains(indexer.name()) ? next : null))
                .toList());
    }

    private IndexerDocument document(Indexer indexer, String next) {
        Optional<Searched> searched = Optional.of(indexer.searched()).filter(Searched::isDeclared);
        return new IndexerDocument(
                indexer.name(),
                indexer.columns(),
                indexer.pool(),
                searched.map(each -> List.copyOf(each.search().keySet())).orElse(null),
                searched.map(each -> each.filterNames().stream()
                                .map(Searched.Filter::name)
                                .toList())
                        .orElse(null),
                searched.map(Searched::suggestionNames).orElse(null),
                searched.map(each -> each.show().fields()).orElse(null),
                schedule.cron(),
                schedule.timeZone(),
                next,
                history.newest(indexer.name()).map(this::document).orElse(null));
    }

    private History.Entry entry(RunId id) {
        return history.run(id.batchId(), id.indexer()).orElseThrow(id::unknown);
    }

    /** A run that is being retried is completed in the ledger, but shown as running. */
    private RunDocument document(History.Entry entry) {
        boolean isRetried = open.find(entry.run().batchId())
                .map(batch -> batch.run(entry.run().indexer()))
                .filter(Run::isAgainUnderWay)
                .isPresent();
        return RunDocument.of(entry, isRetried ? State.RUNNING : entry.run().state());
    }
}
