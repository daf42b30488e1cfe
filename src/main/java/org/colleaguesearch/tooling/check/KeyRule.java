package org.colleaguesearch.tooling.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.colleaguesearch.settings.Nearest;
import org.colleaguesearch.settings.Problem;
import org.colleaguesearch.tooling.yaml.Place;
import org.colleaguesearch.tooling.yaml.Yaml;

/**
 * Compares the keys of a value with those that its shape allows and requires.
 *
 * @param name of the key that has the value
 */
record KeyRule(String name, Yaml.Keys keys, Shape shape) {
    /** Steps for which the schema requires a choice, but Camel does not. */
    private static final Set<String> FREE =
            Set.of("sort", "resequence", "serviceCall", "serviceCallConfiguration", "cachingServiceDiscovery");

    /** The entries to check: only the first where only one is allowed. */
    List<Yaml.Entry> entries() {
        return hasSecond() ? keys.entries().subList(0, 1) : keys.entries();
    }

    private boolean hasSecond() {
        return shape.isSingle() && keys.entries().size() > 1;
    }

    /** Keys that are not allowed. */
    Stream<Problem> unknown() {
        Stream<Problem> unknown = entries().stream()
                .map(Yaml.Entry::key)
                .filter(key -> shape.isClosed() && !shape.keys().containsKey(key.text()))
                .map(key -> key.place()
                        .problem((shape.isSingle()
                                        ? "unknown step '" + key.text() + "' in "
                                        : "unknown key '" + key.text() + "' of ")
                                + (name.equals(Syntax.FILE) ? name : "'" + name + "'")
                                + Nearest.remedy(key.text(), shape.keys().keySet())));
        return hasSecond()
                ? Stream.concat(unknown, Stream.of(second(keys.entries().get(1).key())))
                : unknown;
    }

    private Problem second(Yaml.Text second) {
        return second.place()
                .problem("'" + second.text() + "' is in the same item as '"
                        + keys.names().get(0) + "': start a new item with '- ', or indent it further");
    }

    /**
     * Problems of missing keys. None if a key is unknown, because that may be the missing key misspelled.
     *
     * @param owner the place of the key that has the value
     */
    List<Problem> missing(Place owner) {
        Set<String> given = new TreeSet<>(keys.names());
        if (hasSecond() || (shape.isClosed() && !shape.keys().keySet().containsAll(given))) {
            return List.of();
        }
        // An item of a list has no key of its own, so its first key marks the place.
        Place place = owner.equals(keys.place()) && !given.isEmpty()
                ? keys.entries().get(0).key().place()
                : owner;
        List<Problem> missing = new ArrayList<>();
        shape.required().stream()
                .filter(key -> !given.contains(key))
                .forEach(key -> missing.add(place.problem("'" + name + "' has no '" + key + "': add it")));
        for (Set<String> choice : shape.choices()) {
            Set<String> chosen = new TreeSet<>(given);
            chosen.retainAll(choice);
            if (chosen.size() > 1) {
                missing.add(place.problem("'" + name + "' has " + String.join(" and ", chosen) + ": keep one of them"));
            } else if (chosen.isEmpty()
                    && !FREE.contains(name)
                    && shape.keys().keySet().containsAll(given)) {
                missing.add(place.problem("'" + name + "' is incomplete: add "
                        + (choice.contains("simple")
                                ? "simple, method, constant, jq or another expression"
                                : "one of "
                                        + String.join(
                                                ", ", choice.stream().limit(12).toList()))));
            }
        }
        if (shape.isSingle() && given.isEmpty()) {
            missing.add(place.problem("empty item in '" + name + "': remove it"));
        }
        return missing;
    }
}
