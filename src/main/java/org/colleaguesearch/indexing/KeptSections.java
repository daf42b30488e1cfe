package org.colleaguesearch.indexing;

import java.util.Map;
import java.util.Optional;
import org.colleaguesearch.people.Person;

/**
 * What the sections of a chunk were last time. Immutable.
 *
 * @param byPerson by the id of the person; those without a section are missing
 * @param index the UUID of the current index; null if it is unknown, or nothing is delivered to one
 * @param isFull whether everything is read and delivered, changed or not
 */
public record KeptSections(Map<String, KeptSection> byPerson, String index, boolean isFull) {
    /** Of work that does not compare: dry runs and exports. */
    public static final KeptSections NONE = new KeptSections(Map.of(), null, true);

    public KeptSections {
        byPerson = Map.copyOf(byPerson);
    }

    public Optional<KeptSection> of(Person person) {
        return Optional.ofNullable(byPerson.get(person.id()));
    }

    /** The validators for the requests of a person; empty if everything has to be read. */
    Optional<Validators> validators(Person person, String definition) {
        return of(person)
                .filter(kept -> !isFull && kept.definition().equals(definition))
                .map(KeptSection::validators);
    }
}
