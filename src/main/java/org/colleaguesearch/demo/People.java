package org.colleaguesearch.demo;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/** Everyone in the file, in file order. Immutable. */
final class People {
    private final Map<String, DemoPerson> byId;
    private final List<DemoPerson> all;
    private final List<DemoPerson> active;
    private final List<DemoPerson> inactive;

    /** @param byId people by id; kept, so must not change afterwards */
    People(SequencedMap<String, DemoPerson> byId) {
        this.byId = byId;
        this.all = List.copyOf(byId.values());
        this.active = all.stream().filter(DemoPerson::active).toList();
        this.inactive = all.stream().filter(person -> !person.active()).toList();
    }

    int count() {
        return all.size();
    }

    /** Whether there is anyone and all are made up: with one real person, it is a real list. */
    boolean areMadeUp() {
        return !all.isEmpty() && byId.keySet().stream().allMatch(MadeUp::is);
    }

    Optional<DemoPerson> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** @param active only people who are (true) or are not (false) active; empty: everyone */
    List<DemoPerson> list(Optional<Boolean> active) {
        return active.map(wanted -> wanted ? this.active : inactive).orElse(all);
    }
}
