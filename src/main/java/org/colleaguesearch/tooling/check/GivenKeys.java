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
 * The keys that something has, held against those that it may have and must have.
 *
 * @param name of what has them
 */
record GivenKeys(String name, Yaml.Keys keys, Shape shape) {
    /** Steps of whose choices the schema says that one is to be made, and which do without. */
    private static final Set<String> FREE =
            Set.of("sort", "resequence", "serviceCall", "serviceCallConfiguration", "cachingServiceDiscovery");

    /** Those that are to be looked at: a second key is not, where there may be one only. */
    List<Yaml.Entry> entries() {
        return isOneTooMany() ? keys.entries().subList(0, 1) : keys.entries();
    }

    /** What it has and may not have. */
    Stream<Problem> unwanted() {
        Stream<Problem> unknown = entries().stream()
                .map(Yaml.Entry::key)
                .filter(key -> shape.isClosed() && !shape.keys().containsKey(key.text()))
                .map(this::unknown);
        return isOneTooMany() ? Stream.concat(unknown, Stream.of(second())) : unknown;
    }

    private boolean isOneTooMany() {
        return shape.isSingle() && keys.entries().size() > 1;
    }

    private Problem second() {
        Yaml.Text second = keys.entries().get(1).key();
        return second.place()
                .problem("'" + second.text() + "' stands in the item of '"
                        + keys.entries().get(0).key().text()
                        + "': begin it with '- ', or indent it as what belongs to that");
    }

    private Problem unknown(Yaml.Text key) {
        return key.place()
                .problem((shape.isSingle()
                                ? "there is no '" + key.text() + "' in "
                                : "unknown key '" + key.text() + "' of ")
                        + (name.equals(Syntax.FILE) ? name : "'" + name + "'")
                        + Nearest.remedy(key.text(), shape.keys().keySet()));
    }

    /**
     * What it does not have and must have. Where a key is unknown, it may be what is missing.
     *
     * @param owner where what has the keys stands
     */
    List<Problem> missing(Place owner) {
        Set<String> given = new TreeSet<>(keys.names());
        if (isOneTooMany() || (shape.isClosed() && !shape.keys().keySet().containsAll(given))) {
            return List.of();
        }
        Place place = keys.entries().isEmpty() ? owner : atKey(owner);
        List<Problem> missing = new ArrayList<>();
        for (String key : shape.required()) {
            if (!given.contains(key)) {
                missing.add(place.problem("'" + name + "' has no '" + key + "': add it"));
            }
        }
        for (Set<String> choice : shape.choices()) {
            Set<String> chosen = new TreeSet<>(given);
            chosen.retainAll(choice);
            if (chosen.size() > 1) {
                missing.add(place.problem("'" + name + "' has " + String.join(" and ", chosen) + ": keep one of them"));
            } else if (chosen.isEmpty()
                    && !FREE.contains(name)
                    && shape.keys().keySet().containsAll(given)) {
                missing.add(place.problem("'" + name + "' does not say what: give it " + offered(choice)));
            }
        }
        if (shape.isSingle() && given.isEmpty()) {
            missing.add(place.problem("an item of '" + name + "' is empty: remove it"));
        }
        return missing;
    }

    /** An item of a list has no key that it is the value of, so that what is missing is missed at its first key. */
    private Place atKey(Place owner) {
        return owner.equals(keys.place()) ? keys.entries().get(0).key().place() : owner;
    }

    private static String offered(Set<String> choice) {
        return choice.contains("simple")
                ? "simple, method, constant, jq or another expression"
                : "one of " + String.join(", ", choice.stream().limit(12).toList());
    }
}
