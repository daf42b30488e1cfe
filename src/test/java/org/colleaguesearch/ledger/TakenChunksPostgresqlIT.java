package org.colleaguesearch.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.indexing.ChunkOutcomes;
import org.colleaguesearch.ledger.Checkpoints.Delivered;
import org.colleaguesearch.ledger.ChunkLedger.DoneChunk;
import org.colleaguesearch.settings.ShippedSettings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.dao.DuplicateKeyException;

/** What nodes of a cluster do to the chunks of a run. Only in PostgreSQL, which a cluster needs. */
class TakenChunksPostgresqlIT {
    private static final String EDITION = "a1b2c3";
    private static final Instant NOW = Instant.parse("2026-11-23T02:00:00Z");

    @RegisterExtension
    private final TestLedger database = TestLedger.postgresql();

    private ChunkLedger chunks;
    private final NodeId one = node("one");
    private final NodeId two = node("two");

    private static NodeId node(String name) {
        return new NodeId(ShippedSettings.with("colleagues.cluster.node=" + name));
    }

    @BeforeEach
    void run() {
        chunks = database.chunks();
        database.ledger().open("b1", "test", NOW, List.of("patents"), 2, false, null);
        database.ledger().startRun("b1", "patents", NOW);
        chunks.beginEdition("b1", "patents", EDITION);
        database.nodes().beat(one, EDITION, Set.of());
        database.nodes().beat(two, EDITION, Set.of());
    }

    @Test
    void oneOfTwoNodesGetsAChunk() {
        assertThat(take(one, 1, false)).isPresent();
        assertThat(take(two, 1, false)).isEmpty();
        assertThat(take(two, 2, false)).isPresent();
        assertThat(database.nodes().chunks()).containsOnlyKeys(one.text(), two.text());
    }

    @Test
    void whatTheBrokerReturnedIsTakenFromItsNode() {
        Chunk first = taken(one, 1, false);
        Chunk second = taken(two, 1, true);

        assertThatExceptionOfType(ChunkTaken.class).isThrownBy(() -> chunks.check(first));
        assertThatExceptionOfType(ChunkTaken.class).isThrownBy(() -> end(first));
        end(second);
        assertThat(chunks.done("b1", "patents")).containsExactly(new DoneChunk(1, second.claim(), 0));
        // A message that comes once more finds it done.
        assertThat(take(one, 1, true)).isEmpty();
        assertThatExceptionOfType(ChunkTaken.class).isThrownBy(() -> end(first));
    }

    @Test
    void whatASilentNodeHadIsFree() {
        Chunk lost = taken(one, 1, false);
        assertThat(chunks.unclaimed("b1", "patents", 3)).containsExactly(2, 3);
        database.sql()
                .sql("update node set seen = current_timestamp - interval '11' second where id = ?")
                .param(one.text())
                .update();

        assertThat(chunks.unclaimed("b1", "patents", 3)).containsExactly(1, 2, 3);
        assertThat(take(two, 1, false)).isPresent();
        assertThatExceptionOfType(ChunkTaken.class).isThrownBy(() -> end(lost));
    }

    @Test
    void whatIsGivenBackIsFreeAndDoesNotCountAsAnAttempt() {
        for (int i = 0; i < 10; i++) {
            chunks.giveBack(taken(one, 1, false));
        }

        Chunk last = taken(two, 1, false);
        assertThat(chunks.oftenBegun("b1", "patents", 2)).isEmpty();
        // Too late.
        chunks.giveBack(new Chunk("b1", "patents", 1, List.of(), Chunk.Part.ALL, last.claim() - 1));
        end(last);
        assertThat(chunks.done("b1", "patents")).hasSize(1);
    }

    @Test
    void chunkThatWasBegunTooOftenIsForTheKeeper() {
        taken(one, 1, false);
        database.nodes().leave(one.text());
        taken(two, 1, true);

        assertThat(take(two, 1, true)).isEmpty();
        assertThat(chunks.oftenBegun("b1", "patents", 2)).isEmpty();
        database.nodes().leave(two.text());
        assertThat(chunks.oftenBegun("b1", "patents", 2)).containsExactly(1);

        Chunk alone = new Chunk("b1", "patents", 1, List.of());
        assertThat(chunks.begin(alone)).isEqualTo(3);
        chunks.end(new ChunkOutcomes(alone, List.of()), Counts.NONE, NOW);
        assertThat(chunks.done("b1", "patents")).containsExactly(new DoneChunk(1, 0, 0));
    }

    @Test
    void nothingIsTakenOfARunThatIsNotUnderWay() {
        database.ledger().cancelRun("b1", "patents", "cancelled", NOW);

        assertThat(take(one, 1, false)).isEmpty();
        Chunk gone = new Chunk("gone", "patents", 1, List.of());
        assertThat(chunks.take(gone, EDITION, one.text(), chunks.nextClaim(), false, 1))
                .isFalse();
    }

    @Test
    void runKeepsTheRoutesThatItBeganWith() {
        Chunk chunk = new Chunk("b1", "patents", 1, List.of());
        assertThat(chunks.isInUse(EDITION)).isTrue();

        assertThat(chunks.take(chunk, "edited", one.text(), chunks.nextClaim(), false, 1))
                .isFalse();
    }

    @Test
    void whatANodeDoesWithFormerRoutesIsNotRecordedWhenARunIsResumedWithOthers() {
        Chunk former = taken(one, 1, false);
        chunks.beginEdition("b1", "patents", "edited");

        assertThatThrownBy(() -> end(former)).isInstanceOf(ChunkTaken.class);
        assertThat(chunks.unclaimed("b1", "patents", 1)).containsExactly(1);
        assertThat(take(two, 1, true)).isEmpty();
        assertThat(chunks.isInUse(EDITION)).isFalse();
        // As when it is resumed with the same ones.
        chunks.beginEdition("b1", "patents", "edited");
        assertThat(chunks.isInUse("edited")).isTrue();
    }

    @Test
    void deliveriesAreNumberedInTheOrderInWhichTheyBegin() {
        Chunk lost = taken(one, 1, false);
        long before = chunks.fence(lost);
        Chunk chunk = taken(two, 1, true);

        assertThatThrownBy(() -> chunks.fence(lost)).isInstanceOf(ChunkTaken.class);
        assertThat(chunks.fence(chunk)).isGreaterThan(before).isLessThan(chunks.fence());
        // As if the clock had been ahead.
        database.sql()
                .sql("select setval('fence', 9000000000000)")
                .query(Long.class)
                .single();
        assertThat(chunks.fence()).isGreaterThan(9_000_000_000_000L);
    }

    @Test
    void chunkInFlightOfACancelledRunIsRecorded() {
        Chunk chunk = taken(one, 1, false);
        database.ledger().cancelRun("b1", "patents", "cancelled", NOW);

        end(chunk);

        assertThat(chunks.done("b1", "patents")).hasSize(1);
    }

    @Test
    void runPausesIfAnotherNodeCouldNotDeliverTheChunkEither() {
        Chunk first = taken(one, 1, false);
        assertThat(pause(first, one)).isFalse();
        chunks.giveBack(first);
        // The same node once more.
        Chunk again = taken(one, 1, true);
        assertThat(pause(again, one)).isFalse();
        chunks.giveBack(again);

        Chunk second = taken(two, 1, true);
        assertThat(pause(first, one)).isFalse();
        assertThat(pause(second, two)).isTrue();

        assertThat(database.ledger().run("b1", "patents").orElseThrow().state()).isEqualTo(State.PAUSED);
    }

    @Test
    void runPausesIfThereIsNoOtherNode() {
        database.nodes().leave(two.text());

        assertThat(pause(taken(one, 1, false), one)).isTrue();
    }

    private boolean pause(Chunk chunk, NodeId node) {
        return database.ledger().pauseIfStuck(chunk, node.text(), "OpenSearch is gone", NOW);
    }

    @Test
    void nodeThatLostAChunkDoesNotStopItsRun() {
        Chunk lost = taken(one, 1, false);
        Chunk other = taken(two, 1, true);

        assertThat(database.ledger().stopRun(lost, State.FAILED, "disk full", NOW))
                .isFalse();
        assertThat(database.ledger().stopRun(other, State.FAILED, "disk full", NOW))
                .isTrue();
    }

    @Test
    void whatANodeHasForgottenIsFreed() {
        Chunk known = taken(one, 1, false);
        Chunk forgotten = taken(one, 2, false);
        assertThat(chunks.claims(one.text())).containsExactlyInAnyOrder(known.claim(), forgotten.claim());
        assertThat(chunks.isInFlight("b1", "patents")).isTrue();

        chunks.free(one.text(), forgotten.claim());

        assertThat(chunks.claims(one.text())).containsExactly(known.claim());
        assertThat(chunks.unclaimed("b1", "patents", 2)).containsExactly(2);
        end(known);
        assertThat(chunks.isInFlight("b1", "patents")).isFalse();
    }

    @Test
    void repeatedChunkKeepsItsEarlierClaimsInvalid() {
        Chunk first = taken(one, 1, false);
        end(first);
        chunks.undo("b1", "patents", 1);

        Chunk again = taken(two, 1, false);

        assertThat(again.claim()).isGreaterThan(first.claim());
        assertThatThrownBy(() -> end(first)).isInstanceOf(ChunkTaken.class);
    }

    @Test
    void thereIsOneBatchForEachTimeOfTheSchedule() {
        Instant time = Instant.parse("2026-11-24T02:00:00Z");
        database.ledger().open("b2", "schedule", NOW, List.of("patents"), 2, false, time);

        assertThat(database.ledger().isScheduled(time)).isTrue();
        // The clock of the new keeper is behind, but not by a day.
        assertThat(database.ledger().isScheduled(time.minusSeconds(180))).isTrue();
        assertThat(database.ledger().isScheduled(time.minusSeconds(86_400))).isFalse();
        assertThat(database.ledger().isScheduled(time.plusSeconds(1))).isFalse();
        assertThatThrownBy(() -> database.ledger().open("b3", "schedule", NOW, List.of("patents"), 2, false, time))
                .isInstanceOf(DuplicateKeyException.class);
    }

    private Optional<Long> take(NodeId node, int number, boolean isReturned) {
        long claim = chunks.nextClaim();
        Chunk chunk = new Chunk("b1", "patents", number, List.of());
        // Twice, as after a failure of the first.
        boolean isTaken = chunks.take(chunk, EDITION, node.text(), claim, isReturned, 1);
        assertThat(chunks.take(chunk, EDITION, node.text(), claim, isReturned, 1))
                .isEqualTo(isTaken);
        return Optional.of(claim).filter(mine -> isTaken);
    }

    private Chunk taken(NodeId node, int number, boolean isReturned) {
        return new Chunk(
                "b1",
                "patents",
                number,
                List.of(),
                Chunk.Part.ALL,
                take(node, number, isReturned).orElseThrow());
    }

    private void end(Chunk chunk) {
        database.checkpoints()
                .doneByNode(new Delivered(new ChunkOutcomes(chunk, List.of()), Counts.NONE, null, List.of()));
    }
}
