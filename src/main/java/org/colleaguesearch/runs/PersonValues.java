package org.colleaguesearch.runs;

import java.util.List;
import org.colleaguesearch.indexing.Indexer;
import org.colleaguesearch.indexing.Indexers;
import org.colleaguesearch.indexing.SectionSource;
import org.colleaguesearch.ledger.DatabaseWait;
import org.colleaguesearch.people.PeopleList;
import org.colleaguesearch.people.PeopleListException;
import org.springframework.stereotype.Component;

/**
 * Checks that the people of a batch have the values that an indexer's URLs and bodies need. A person who lacks one gets
 * an empty section; when everyone does, something is wrong. Stateless.
 */
@Component("personValues")
class PersonValues {
    private static final int PART = 1_000;

    private final Indexers indexers;
    private final DatabaseWait database;

    PersonValues(Indexers indexers, DatabaseWait database) {
        this.indexers = indexers;
        this.database = database;
    }

    /**
     * Checks the people of a run.
     *
     * @throws PeopleListException when nobody has the values
     */
    public void check(Run run) {
        PeopleList people = run.batch().people();
        if (Indexer.EXPORT.equals(run.indexer()) || people.size() == 0) {
            return;
        }
        SectionSource source = indexers.get(run.indexer()).source();
        List<String> needed = source.variables();
        boolean isFound = needed.isEmpty();
        for (int first = 0; first < people.size() && !isFound; first += PART) {
            int from = first;
            isFound = database.call(() -> people.read(from, PART)).stream()
                    .anyMatch(person -> needed.stream()
                            .allMatch(variable -> person.value(variable).isPresent()));
        }
        if (!isFound) {
            throw new PeopleListException("nobody in the list of people has " + String.join(" and ", needed)
                    + ", which the indexer " + run.indexer() + " needs: check colleagues.people.fields");
        }
    }
}
