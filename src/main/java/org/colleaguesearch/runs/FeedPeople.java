package org.colleaguesearch.runs;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.colleaguesearch.ledger.DatabaseWait;
import org.colleaguesearch.people.PeopleList;
import org.colleaguesearch.people.Person;
import org.springframework.util.DigestUtils;

/**
 * The people of a run, by the value that names them in a feed, as slices of the list of people: a slice has a number of
 * chunks that follow one another. Takes 8 bytes for each person, since the list may be long. Immutable.
 */
final class FeedPeople {
    /** People that are read at once. */
    private static final int PART = 1_000;

    /** The most slices: a transaction adds a row to each, and the rows should be large. */
    private static final int SLICES = 1 << 10;

    /** Sorted. The lowest bits are a slice, the others a hash of the value. */
    private final long[] people;

    private FeedPeople(long[] people) {
        this.people = people;
    }

    static FeedPeople of(Run run, String field, DatabaseWait database) {
        PeopleList list = run.batch().people();
        long[] people = new long[list.size()];
        int known = 0;
        for (int first = 0; first < list.size(); first += PART) {
            int from = first;
            List<Person> part = database.call(() -> list.read(from, PART));
            for (int i = 0; i < part.size(); i++) {
                String value = part.get(i).value(field).orElse("");
                if (!value.isEmpty()) {
                    people[known++] = hash(value) | slice(run, (from + i) / run.chunkSize() + 1);
                }
            }
        }
        long[] sorted = Arrays.copyOf(people, known);
        Arrays.sort(sorted);
        return new FeedPeople(sorted);
    }

    /** The slice of a chunk of a run. */
    static int slice(Run run, int chunk) {
        return (chunk - 1) / Math.ceilDiv(run.chunks(), SLICES);
    }

    /** The slices with people whom a value names; none if it names nobody. */
    int[] slices(String value) {
        long hash = hash(value);
        int first = Arrays.binarySearch(people, hash);
        return IntStream.iterate(
                        first < 0 ? -first - 1 : first, i -> i < people.length && hash(people[i]) == hash, i -> i + 1)
                .map(i -> (int) (people[i] - hash))
                .distinct()
                .toArray();
    }

    /** Without the bits of the slice. Those that are left are different for different values of millions of people. */
    private static long hash(String value) {
        return hash(ByteBuffer.wrap(DigestUtils.md5Digest(value.getBytes(StandardCharsets.UTF_8)))
                .getLong());
    }

    private static long hash(long person) {
        return person & -SLICES;
    }
}
