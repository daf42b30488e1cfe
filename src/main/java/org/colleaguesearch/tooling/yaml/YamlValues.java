package org.colleaguesearch.tooling.yaml;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;

/** Makes values of what the parser comes upon, no more of them than a file may have. For one document, and one thread. */
final class YamlValues {
    /** Of values in values. */
    private static final int DEEPEST = 100;

    /** Of values in all, those that aliases repeat included. */
    private static final int MOST = 100_000;

    private final Path name;
    private final String[] lines;
    private final Iterator<Event> events;
    private final Map<String, Yaml> anchors = new HashMap<>();
    private final Map<String, Integer> sizes = new HashMap<>();
    private Place ended;
    private int depth;
    private int size;

    /**
     * None are read yet.
     *
     * @param name of the file, for messages
     * @param text of the file
     */
    YamlValues(Path name, String text, Iterator<Event> events) {
        this.name = name;
        this.lines = text.split("\n", -1);
        this.events = events;
    }

    /** Where the list or the keys begin that ended last, or null, if something has come after them. */
    Place ended() {
        return ended;
    }

    /** What begins with an event, to its end. */
    Yaml value(Event event) throws Unreadable {
        size++;
        ended = null;
        if (depth > DEEPEST || size > MOST) {
            throw new Unreadable(Place.of(name, event).problem("the file is too deep or too long: split it"));
        }
        if (event instanceof AliasEvent alias) {
            return repeated(alias);
        }
        int before = size;
        depth++;
        Yaml value =
                switch (event) {
                    case ScalarEvent text ->
                        new Yaml.Text(Place.of(name, event), text.getValue(), text.isPlain(), block(text));
                    case MappingStartEvent keys -> keys(Place.of(name, keys));
                    default -> items(Place.of(name, event));
                };
        depth--;
        if (event instanceof NodeEvent node) {
            node.getAnchor().ifPresent(anchor -> {
                anchors.put(anchor.getValue(), value);
                sizes.put(anchor.getValue(), size - before);
            });
        }
        return value;
    }

    /** Where the first letter of a block stands, or null. */
    private Place block(ScalarEvent text) {
        if (text.getScalarStyle() != ScalarStyle.LITERAL) {
            return null;
        }
        int line = Place.of(name, text).line();
        int indent =
                indent(Stream.of(lines).skip(line)) - indent(text.getValue().lines());
        return new Place(name, line + 1, indent + 1);
    }

    /** Of the first line that is not blank. */
    private static int indent(Stream<String> lines) {
        return lines.filter(line -> !line.isBlank())
                .findFirst()
                .map(line -> line.length() - line.stripLeading().length())
                .orElse(0);
    }

    /** Only of what has ended, so that nothing holds itself. */
    private Yaml repeated(AliasEvent alias) throws Unreadable {
        String anchor = alias.getAlias().getValue();
        Yaml value = anchors.get(anchor);
        if (value == null) {
            throw new Unreadable(Place.of(name, alias)
                    .problem("there is no &" + anchor + " before this: give what *" + anchor + " stands for"));
        }
        size += sizes.get(anchor);
        return value;
    }

    private Yaml items(Place place) throws Unreadable {
        List<Yaml> items = new ArrayList<>();
        for (Event event = events.next(); event.getEventId() != Event.ID.SequenceEnd; event = events.next()) {
            items.add(value(event));
        }
        ended = place;
        return new Yaml.Items(place, List.copyOf(items));
    }

    private Yaml keys(Place place) throws Unreadable {
        List<Yaml.Entry> entries = new ArrayList<>();
        Map<String, Place> known = new HashMap<>();
        for (Event event = events.next(); event.getEventId() != Event.ID.MappingEnd; event = events.next()) {
            if (!(value(event) instanceof Yaml.Text key)) {
                throw new Unreadable(
                        Place.of(name, event).problem("a key must be a word: is there a bracket or a ? too many?"));
            }
            Place first = known.putIfAbsent(key.text(), key.place());
            if (first != null) {
                throw new Unreadable(key.place()
                        .problem("'" + key.text() + "' is here twice, first in line " + first.line()
                                + ": remove one, or begin an item of its own with '- '"));
            }
            entries.add(new Yaml.Entry(key, value(events.next())));
        }
        ended = place;
        return new Yaml.Keys(place, List.copyOf(entries));
    }
}
