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
 * The keys of a value, compared with those that its shape allows and requires.
 *
 * @param name of the key whose value it is
 */
record GivenKeys(String name, Yaml.Keys keys, Shape shape) {
    /** Steps of whose choices the schema requires one, and Camel none. */
    private static final Set<String> FREE =
            Set.of("sort", "resequence", "serviceCall", "serviceCallConfiguration", "cachingServiceDiscovery");

    /** The entries to check: a second key is not checked where only one is allowed. */
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
                .problem("'" + second.text() + "' is in the item of '"
                        + keys.names().get(0) + "': begin it with '- ', or indent it below that");
    }

    /**
     * Required keys that are missing. Where a key is unknown, it may be the missing one.
     *
     * @param owner the place of the key whose value it is
     */
    List<Problem> missing(Place owner) {
        Set<String> given = new TreeSet<>(keys.names());
        if (hasSecond() || (shape.isClosed() && !shape.keys().keySet().containsAll(given))) {
            return List.of();
        }
        // An item of a list is the value of no key: its first key stands for it.
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
            missing.add(place.problem("an item of '" + name + "' is empty: remove it"));
        }
        return missing;
    }
}
