package org.colleaguesearch.people;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.colleaguesearch.ledger.TestLedger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PeopleTableTest {
    private static final int COUNT = 50;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @RegisterExtension
    final TestLedger database = TestLedger.h2();

    /**
     * H2 once kept the plan that it had made for the empty table, and scanned all people of the batch for each page; and
     * it joined a short list the wrong way round. A row that is read takes memory, so the bytes of this thread, in which
     * H2 runs, tell how many are read.
     */
    @Test
    void pageCostsTheSameInALongListAndInAShortOne() {
        database.ledger().open("batch", "test", Instant.now(), List.of("patents"), 100, false, null);
        addOneByOne(0);
        add(COUNT, 1_000);
        long early = addOneByOne(1_000);
        add(1_000 + COUNT, 20_000);
        long late = addOneByOne(20_000);

        assertThat(late).isBetween(early / 2, 2 * early);
    }

    /** Returns the bytes that some pages of one person took. */
    private long addOneByOne(int first) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        for (int next = first; next < first + COUNT; next++) {
            assertThat(database.people().known("batch", List.of("p" + next, "p" + first), next))
                    .isEqualTo(next == first ? Set.of() : Set.of("p" + first));
            add(next, next + 1);
        }
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }

    private void add(int first, int end) {
        List<Person> page = IntStream.range(first, end)
                .mapToObj(i -> new Person("p" + i, "Name of p" + i))
                .toList();
        database.people().add("batch", first, page);
    }
}
