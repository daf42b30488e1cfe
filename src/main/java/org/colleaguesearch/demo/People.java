package org.colleaguesearch.demo;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/** Everyone in the file, in its order. Never changes once read: safe to share between threads. */
final class People {
    private final Map<String, Person> byId;
    private final List<Person> all;
    private final List<Person> active;
    private final List<Person> inactive;

    /** @param byId people by id; kept, so not to be changed afterwards */
    People(SequencedMap<String, Person> byId) {
        this.byId = byId;
        this.all = List.copyOf(byId.values());
        this.active = all.stream().filter(Person::active).toList();
        this.inactive = all.stream().filter(person -> !person.active()).toList();
    }

    int count() {
        return all.size();
    }

    /** Whether there is anyone, and all are made up: one real person makes it somebody's own list. */
    boolean areMadeUp() {
        return !all.isEmpty() && byId.keySet().stream().allMatch(org.colleaguesearch.people.Person::isMadeUp);
    }

    Optional<Person> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** @param active only those who are (true) or are not (false); empty: everyone */
    List<Person> list(Optional<Boolean> active) {
        return active.map(wanted -> wanted ? this.active : inactive).orElse(all);
    }
}
