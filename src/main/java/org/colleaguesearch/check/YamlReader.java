package org.colleaguesearch.check;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Reads one file with the parser that Camel uses, and keeps where everything stands. For one thread. */
public final class YamlReader {
    /** Of values in values. */
    private static final int DEEPEST = 100;

    /** Of values in all, those that aliases repeat included. */
    private static final int MOST = 100_000;

    private final Path name;
    private final Iterator<Event> events;
    private final Map<String, Yaml> anchors = new HashMap<>();
    private final Map<String, Integer> sizes = new HashMap<>();
    private Place start;

    /** Where the list or the keys begin that ended last, unless something has come after them. */
    private Place ended;

    private int depth;
    private int size;

    private YamlReader(Path name, String text) {
        this.name = name;
        this.start = new Place(name, 1, 1);
        this.events =
                new Parse(LoadSettings.builder().build()).parseString(text).iterator();
    }

    /**
     * What a file says.
     *
     * @param name of the file, for messages
     * @throws Unreadable when it cannot be read, or is empty
     */
    public static Yaml read(Path file, Path name) throws Unreadable {
        YamlReader reader = new YamlReader(name, SourceText.read(file, name));
        try {
            return reader.document();
        } catch (MarkedYamlEngineException e) {
            throw new Unreadable(reader.syntax(e));
        } catch (YamlEngineException e) {
            throw new Unreadable(new Problem(name, 1, 1, "this is no YAML: " + e.getMessage()));
        }
    }

    /**
     * At the place where a quote or bracket was opened, when the file ends before it is closed. Of a block with a wrong
     * indent, the line that the parser stops at can be right, and the block's first one wrong: it is named, too.
     */
    private Problem syntax(MarkedYamlEngineException e) {
        boolean isOpen = e.getProblem().contains("end of stream");
        Place first = e.getContextMark().map(this::place).orElse(start);
        Place last = e.getProblemMark().map(this::place).orElse(first);
        if (ended != null && ended.column() > last.column()) {
            first = ended;
        }
        return (isOpen ? first : last)
                .problem("this is no YAML: " + e.getProblem() + ", in what begins in " + first
                        + "; check indents, quotes and colons here, in the line before, and there");
    }

    private Yaml document() throws Unreadable {
        events.next();
        if (events.next().getEventId() == Event.ID.StreamEnd) {
            throw new Unreadable(new Problem(name, 1, 1, "the file is empty: write something, or remove it"));
        }
        Event first = events.next();
        start = place(first);
        Yaml root = value(first);
        events.next();
        Event end = events.next();
        if (end.getEventId() != Event.ID.StreamEnd) {
            throw new Unreadable(
                    place(end).problem("a second YAML document begins here: put it into a file of its own"));
        }
        return root;
    }

    private Yaml value(Event event) throws Unreadable {
        size++;
        ended = null;
        if (depth > DEEPEST || size > MOST) {
            throw new Unreadable(place(event).problem("the file is too deep or too long: split it"));
        }
        if (event instanceof AliasEvent alias) {
            return repeated(alias);
        }
        int before = size;
        depth++;
        Yaml value =
                switch (event) {
                    case ScalarEvent text -> new Yaml.Text(place(event), text.getValue(), text.isPlain());
                    case MappingStartEvent keys -> keys(place(keys));
                    default -> items(place(event));
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

    /** Only of what has ended, so that nothing holds itself. */
    private Yaml repeated(AliasEvent alias) throws Unreadable {
        String anchor = alias.getAlias().getValue();
        Yaml value = anchors.get(anchor);
        if (value == null) {
            throw new Unreadable(place(alias)
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
                throw new Unreadable(place(event).problem("a key must be a word: is there a bracket or a ? too many?"));
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

    private Place place(Event event) {
        return place(event.getStartMark().orElseThrow());
    }

    private Place place(Mark mark) {
        return new Place(name, mark.getLine() + 1, mark.getColumn() + 1);
    }
}
