package org.colleaguesearch.runs;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.colleaguesearch.ledger.DatabaseWait;
import org.colleaguesearch.people.PeopleList;
import org.springframework.util.DigestUtils;

/**
 * The people of a run, by the value that names them in a feed, as slices of the list of people: a slice has a number of
 * chunks that follow one another. Takes 8 bytes for each person, since the list may be long. Immutable.
 */
final class FeedPeople {
    /** People that are read at once. */
    private static final int PART = 1_000;

    /** A transaction adds a row to each slice, and the rows should be large. */
    private static final int MOST_SLICES = 1_023;

    /** Sorted. The lowest 10 bits are a slice, from 1; the others are a hash of the value. */
    private final long[] people;

    private FeedPeople(long[] people) {
        this.people = people;
    }

    static FeedPeople of(Run run, String field, DatabaseWait database) {
        long[] people = new long[run.batch().people().size()];
        int known = 0;
        Iterator<String> values = values(run, field, database).iterator();
        for (int position = 0; values.hasNext(); position++) {
            String value = values.next();
            if (!value.isEmpty()) {
                people[known++] = hash(value) + slice(run, position / run.chunkSize() + 1) + 1;
            }
        }
        long[] sorted = Arrays.copyOf(people, known);
        Arrays.sort(sorted);
        return new FeedPeople(sorted);
    }

    /** The values of all people, in their order; empty texts for people without one. */
    static Stream<String> values(Run run, String field, DatabaseWait database) {
        PeopleList list = run.batch().people();
        return IntStream.iterate(0, first -> first < list.size(), first -> first + PART)
                .boxed()
                .flatMap(first -> database.call(() -> list.read(first, PART)).stream())
                .map(person -> person.value(field).orElse(""));
    }

    /** The slice of a chunk of a run. */
    static int slice(Run run, int chunk) {
        return (chunk - 1) / Math.ceilDiv(run.chunks(), MOST_SLICES);
    }

    /** The slices with people whom a value names; none if it names nobody. */
    int[] slices(String value) {
        long hash = hash(value);
        return IntStream.iterate(first(hash), i -> isOf(i, hash), i -> i + 1)
                .map(i -> (int) (people[i] - hash - 1))
                .distinct()
                .toArray();
    }

    /** Whether a value names several people. */
    boolean isShared(String value) {
        long hash = hash(value);
        return isOf(first(hash) + 1, hash);
    }

    /** The number of values that name several people. */
    long shared() {
        return IntStream.range(1, people.length)
                .filter(i -> hash(people[i - 1]) == hash(people[i]) && !isOf(i + 1, hash(people[i])))
                .count();
    }

    /** Where the people with a hash are, if there are any: no person has the slice 0. */
    private int first(long hash) {
        return -Arrays.binarySearch(people, hash) - 1;
    }

    private boolean isOf(int i, long hash) {
        return i < people.length && hash(people[i]) == hash;
    }

    /** Without the bits of the slice. Those that are left are different for different values of millions of people. */
    private static long hash(String value) {
        return hash(ByteBuffer.wrap(DigestUtils.md5Digest(value.getBytes(StandardCharsets.UTF_8)))
                .getLong());
    }

    private static long hash(long person) {
        return person & ~MOST_SLICES;
    }
}
