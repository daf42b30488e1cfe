package org.colleaguesearch.tooling.yaml;

import java.nio.file.Path;
import java.util.Iterator;
import org.colleaguesearch.settings.Problem;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Reads one file with the parser that Camel uses, and keeps where everything stands. For one thread. */
public final class YamlReader {
    private final Path name;
    private final Iterator<Event> events;
    private final YamlValues values;
    private Place start;

    private YamlReader(Path name, String text) {
        this.name = name;
        this.start = new Place(name, 1, 1);
        this.events =
                new Parse(LoadSettings.builder().build()).parseString(text).iterator();
        this.values = new YamlValues(name, text, events);
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
        Place first = e.getContextMark().map(mark -> Place.of(name, mark)).orElse(start);
        Place last = e.getProblemMark().map(mark -> Place.of(name, mark)).orElse(first);
        Place ended = values.ended();
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
        start = Place.of(name, first);
        Yaml root = values.value(first);
        events.next();
        Event end = events.next();
        if (end.getEventId() != Event.ID.StreamEnd) {
            throw new Unreadable(
                    Place.of(name, end).problem("a second YAML document begins here: put it into a file of its own"));
        }
        return root;
    }
}
