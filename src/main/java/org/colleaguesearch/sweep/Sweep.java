package org.colleaguesearch.sweep;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import org.colleaguesearch.delivery.Deliveries;
import org.colleaguesearch.ledger.HeldLedger;
import org.colleaguesearch.ledger.Ledger;
import org.colleaguesearch.ledger.SectionLedger;
import org.colleaguesearch.ledger.State;
import org.colleaguesearch.people.PeopleTable;
import org.colleaguesearch.runs.Batch;
import org.colleaguesearch.runs.RunId;
import org.colleaguesearch.runs.Runs;
import org.colleaguesearch.settings.Settings;
import org.colleaguesearch.source.ApiFailures;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Removes from the index, and from the sections in the database, the people who are not in the list of a batch. Stateless.
 * Runs while the batch still holds its indexers, so that no newer batch of these indexers can add people meanwhile.
 */
@Component("sweep")
public class Sweep {
    private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);
    private static final int PAGE = 1_000;

    private final IndexedPeople index;
    private final PeopleTable people;
    private final Ledger ledger;
    private final SectionLedger sections;
    private final HeldLedger held;
    private final Runs runs;
    private final Deliveries deliveries;
    private final Settings.Sweep settings;

    Sweep(
            IndexedPeople index,
            PeopleTable people,
            Ledger ledger,
            SectionLedger sections,
            HeldLedger held,
            Runs runs,
            Deliveries deliveries,
            Settings settings) {
        this.index = index;
        this.people = people;
        this.ledger = ledger;
        this.sections = sections;
        this.held = held;
        this.runs = runs;
        this.deliveries = deliveries;
        this.settings = settings.opensearch().sweep();
    }

    /** Whether to sweep after a batch: all its runs completed, its list of people is complete, and it is the newest. */
    public boolean isDue(Batch batch) {
        if (settings.mode() == Settings.SweepMode.OFF || !ledger.isNewest(batch.id())) {
            return false;
        }
        if (batch.state() != State.COMPLETED) {
            LOG.info("no sweep after batch {}: it is {}", batch.id(), batch.state());
            return false;
        }
        return isListKept(batch);
    }

    /**
     * False when a batch without failed URLs is reopened for a retry: its list was deleted when it closed, starting
     * with the last people. Against such a list, everyone would seem to have left.
     */
    private static boolean isListKept(Batch batch) {
        int size = batch.people().size();
        return size > 0 && !batch.people().read(size - 1, 1).isEmpty();
    }

    /** The people in the index who are not in the list of a batch; nobody if the batch is no longer the newest. */
    public Departed departed(Batch batch) throws IOException {
        Set<String> gone = new TreeSet<>(sections.departed(batch.id()));
        long indexed = deliveries.toOpenSearch() ? scan(batch, gone) : sections.countPeople();
        // Otherwise another instance may have closed the batch meanwhile and deleted its list of people.
        runs.checkOwned(batch.id());
        // A newer batch of other indexers may have started to add people meanwhile.
        return new Departed(ledger.isNewest(batch.id()) ? List.copyOf(gone) : List.of(), indexed, settings);
    }

    /** Adds the people in the index who are not in the list of a batch, and returns the number of all in the index. */
    private long scan(Batch batch, Set<String> gone) throws IOException {
        List<String> foreign = new ArrayList<>();
        long foreigners = 0;
        long indexed = 0;
        try (IndexScan scan = index.scan(PAGE)) {
            for (IndexScan.Page page = scan.next(); !page.isEmpty(); page = scan.next()) {
                Set<String> active = people.known(batch.id(), page.people());
                page.people().stream().filter(id -> !active.contains(id)).forEach(gone::add);
                indexed += page.people().size();
                foreigners += page.foreign().size();
                page.foreign().stream()
                        .limit(Departed.SHOWN + 1L - foreign.size())
                        .forEach(foreign::add);
            }
        }
        if (foreigners > 0) {
            LOG.warn(
                    "the index has {} documents that are not people (their field id is not the document's id): {};"
                            + " the sweep ignores them; delete them if they do not belong there",
                    foreigners,
                    Departed.some(foreign));
        }
        return indexed;
    }

    /**
     * Removes the made-up people of the demo, however many. They are left over when real people replace them, and would
     * be too many for a sweep.
     *
     * @return the real people
     */
    public Departed removeMadeUp(Departed departed) throws IOException {
        // This list decides anew.
        held.forgetPeople();
        Departed madeUp = departed.madeUp();
        if (madeUp.isDryRun() && !madeUp.isNobody()) {
            LOG.info("sweep, dry run: {}; made-up people of the demo; nothing is removed", madeUp);
        } else if (!madeUp.isNobody()) {
            removeAll(madeUp.ids());
            LOG.info(
                    "sweep: removed {} made-up people of the demo who are not in the list of people: {}",
                    madeUp.ids().size(),
                    Departed.some(madeUp.ids()));
        }
        return departed.real();
    }

    /** Logs why a sweep failed. */
    public void failed(Exception failure) {
        LOG.warn("sweep failed; the next batch repeats it: {}", ApiFailures.reason(failure));
        LOG.debug("sweep failed", failure);
    }

    /** Removes the documents of departed people. */
    public void remove(Departed departed) throws IOException {
        removeAll(departed.ids());
        LOG.info("sweep: {}; removed their documents", departed);
    }

    /** Their sections first: one that is kept counts as delivered, should the person come back. */
    private void removeAll(List<String> ids) throws IOException {
        for (int from = 0; from < ids.size(); from += PAGE) {
            List<String> part = ids.subList(from, Math.min(from + PAGE, ids.size()));
            sections.forget(part);
            if (deliveries.toOpenSearch()) {
                index.remove(part);
            }
        }
    }

    /** Holds departed people, who are many, until someone releases or rejects their removal. */
    public void hold(Batch batch, Departed departed) {
        held.holdPeople(batch.id(), departed.ids());
        batch.holdPeople(departed.ids().size());
        LOG.error(
                "sweep held: {}; the list of people may be wrong: check it, then release or reject {}",
                departed,
                RunId.ofPeople(batch.id()));
    }

    /**
     * Removes the people whose removal was held after a batch. Repeatable: people who remain to be removed stay held.
     *
     * @param batch opened again for that
     */
    public void removeHeld(Batch batch) throws IOException {
        int last = -1;
        for (SortedMap<Integer, String> page = held.people(batch.id(), last, PAGE);
                !page.isEmpty();
                page = held.people(batch.id(), last, PAGE)) {
            runs.checkOwned(batch.id());
            if (!ledger.isNewest(batch.id())) {
                LOG.warn(
                        "run {}: a newer batch has begun, which decides about the other people",
                        RunId.ofPeople(batch.id()));
                return;
            }
            removeAll(List.copyOf(page.values()));
            last = page.lastKey();
        }
        held.forgetPeople();
        LOG.info("run {} released: removed the documents of {} people", RunId.ofPeople(batch.id()), last + 1);
    }
}
