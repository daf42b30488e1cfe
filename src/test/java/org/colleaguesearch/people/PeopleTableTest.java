package org.colleaguesearch.people;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.colleaguesearch.ledger.TestLedger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PeopleTableTest {
    private static final int PAGE = 100;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @RegisterExtension
    final TestLedger database = TestLedger.h2();

    /**
     * H2 once kept the plan that it had made for the empty table, and scanned all people of the batch for each page. A row
     * that is read takes memory, so the bytes of this thread, in which H2 runs, tell how many are read.
     */
    @Test
    void pageOfALongListCostsNoMoreThanOneOfAShortList() {
        database.ledger().open("batch", "test", Instant.now(), List.of("patents"), 100);
        add(0, 10);

        long early = add(10, 40);
        add(50, 110);
        long late = add(160, 40);

        assertThat(database.people().known("batch", List.of("p0", "p19999", "p20000")))
                .containsExactlyInAnyOrder("p0", "p19999");
        assertThat(late).isLessThan(2 * early);
    }

    /** Returns the bytes that adding some pages took. */
    private long add(int firstPage, int pages) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        for (int page = firstPage; page < firstPage + pages; page++) {
            int first = page * PAGE;
            List<Person> people = IntStream.range(first, first + PAGE)
                    .mapToObj(i -> new Person("p" + i, "Name of p" + i))
                    .toList();
            assertThat(database.people().known("batch", List.of("p" + first), first))
                    .isEmpty();
            database.people().add("batch", first, people);
        }
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }
}
