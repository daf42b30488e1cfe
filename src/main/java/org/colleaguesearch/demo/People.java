package org.colleaguesearch.demo;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/** Everyone in the file, in its order. Never changes once read: safe to share between threads. */
final class People {
    private final Map<String, DemoPerson> byId;
    private final List<DemoPerson> all;
    private final List<DemoPerson> active;
    private final List<DemoPerson> inactive;

    /** @param byId people by id; kept, so not to be changed afterwards */
    People(SequencedMap<String, DemoPerson> byId) {
        this.byId = byId;
        this.all = List.copyOf(byId.values());
        this.active = all.stream().filter(DemoPerson::active).toList();
        this.inactive = all.stream().filter(person -> !person.active()).toList();
    }

    int count() {
        return all.size();
    }

    /** Whether there is anyone, and all are made up: one real person makes it somebody's own list. */
    boolean areMadeUp() {
        return !all.isEmpty() && byId.keySet().stream().allMatch(org.colleaguesearch.people.Person::isMadeUp);
    }

    Optional<DemoPerson> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** @param active only those who are (true) or are not (false); empty: everyone */
    List<DemoPerson> list(Optional<Boolean> active) {
        return active.map(wanted -> wanted ? this.active : inactive).orElse(all);
    }
}
