package org.colleaguesearch.runs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.colleaguesearch.ledger.TestLedger;
import org.colleaguesearch.people.PeopleList;
import org.colleaguesearch.people.Person;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class FeedPeopleTest {
    @RegisterExtension
    final TestLedger database = TestLedger.h2();

    @Test
    void eachChunkIsASliceWhenTheListIsShort() {
        Run run = run(3, people(2_500, 2_500));

        FeedPeople people = FeedPeople.of(run, "id", database.database());

        for (int i = 0; i < 2_500; i++) {
            assertThat(people.slices("p" + i)).containsExactly(i / 3);
            assertThat(FeedPeople.slice(run, i / 3 + 1)).isEqualTo(i / 3);
            assertThat(people.isShared("p" + i)).isFalse();
        }
        assertThat(people.shared()).isZero();
        assertThat(people.slices("p2500")).isEmpty();
        assertThat(people.slices("")).isEmpty();
    }

    @Test
    void severalChunksAreASliceWhenTheListIsLong() {
        Run run = run(1, people(2_500, 2_500));

        FeedPeople people = FeedPeople.of(run, "id", database.database());

        for (int i = 0; i < 2_500; i++) {
            assertThat(people.slices("p" + i)).containsExactly(i / 3);
            assertThat(FeedPeople.slice(run, i + 1)).isEqualTo(i / 3);
        }
    }

    /** The person with the number i has the login "l" and i modulo 40. */
    @Test
    void valueOfSeveralPeopleIsInTheSlicesOfAll() {
        Run run = run(10, people(100, 40));

        FeedPeople people = FeedPeople.of(run, "login", database.database());

        assertThat(people.slices("l5")).containsExactly(0, 4, 8);
        assertThat(people.slices("l25")).containsExactly(2, 6);
        assertThat(people.slices("p5")).isEmpty();
        assertThat(people.shared()).isEqualTo(40);
        assertThat(people.isShared("l39")).isTrue();
        assertThat(people.isShared("l40")).isFalse();
    }

    @Test
    void valueOfTwoPeopleOfAChunkIsInTheirSliceOnce() {
        Run run = run(100, people(100, 50));

        FeedPeople people = FeedPeople.of(run, "login", database.database());

        assertThat(people.slices("l0")).containsExactly(0);
        assertThat(people.isShared("l0")).isTrue();
        assertThat(people.shared()).isEqualTo(50);
    }

    /** The name of a person may be empty, and so is a value of the feed that no database can hold. */
    @Test
    void emptyOrMissingValueNamesNobody() {
        Run run = run(10, List.of(new Person("1", "", Map.of()), new Person("2", "Ada", Map.of())));

        assertThat(FeedPeople.of(run, "name", database.database()).slices("")).isEmpty();
        assertThat(FeedPeople.of(run, "name", database.database()).slices("Ada"))
                .containsExactly(0);
        FeedPeople nobody = FeedPeople.of(run, "login", database.database());
        assertThat(nobody.slices("Ada")).isEmpty();
        assertThat(nobody.isShared("")).isFalse();
        assertThat(nobody.shared()).isZero();
    }

    private static List<Person> people(int count, int logins) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Person("p" + i, "Person " + i, Map.of("login", "l" + i % logins)))
                .toList();
    }

    private Run run(int chunkSize, List<Person> people) {
        database.ledger().open("b1", "test", Instant.EPOCH, List.of("trainings"), chunkSize, false, null);
        PeopleList list = database.people().list("b1", 0);
        list.add(people);
        return Batch.of("b1", list, database.ledger().runs("b1")).run("trainings");
    }
}
