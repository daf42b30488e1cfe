package org.colleaguesearch.tooling.yaml;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.colleaguesearch.settings.Problem;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads one file with Camel's YAML parser, and keeps the place of each value. For one thread. */
public final class YamlReader {
    /** Levels of nesting. */
    private static final int DEEPEST = 100;

    /** Total values, including those repeated by aliases. */
    private static final int MOST = 100_000;

    private final Path name;
    private final List<String> lines;
    private int depth;
    private int size;

    private YamlReader(Path name, String text) {
        this.name = name;
        this.lines = text.lines().toList();
    }

    /**
     * Reads a file.
     *
     * @param name of the file in messages
     * @throws Unreadable when the file cannot be read, is empty, or is invalid YAML
     */
    public static Yaml read(Path file, Path name) throws Unreadable {
        String text = SourceText.read(file, name);
        YamlReader reader = new YamlReader(name, text);
        try {
            Iterator<Node> documents = new Compose(LoadSettings.builder().build())
                    .composeAllFromString(text)
                    .iterator();
            if (!documents.hasNext()) {
                throw new Unreadable(new Problem(name, 1, 1, "the file is empty: add content, or remove it"));
            }
            Yaml root = reader.value(documents.next());
            if (documents.hasNext()) {
                throw new Unreadable(reader.place(documents.next())
                        .problem("second YAML document in one file: move it to a separate file"));
            }
            return root;
        } catch (MarkedYamlEngineException e) {
            throw new Unreadable(reader.syntax(e));
        } catch (YamlEngineException e) {
            throw new Unreadable(new Problem(name, 1, 1, "invalid YAML: " + e.getMessage()));
        } catch (StackOverflowError e) {
            throw new Unreadable(new Problem(name, 1, 1, "the file is nested too deeply: split it"));
        }
    }

    /** The problem, at the unclosed quote or bracket if the file ends there, otherwise where the parser stopped. */
    private Problem syntax(MarkedYamlEngineException e) {
        Place first = e.getContextMark().map(mark -> Place.of(name, mark)).orElse(new Place(name, 1, 1));
        Place last = e.getProblemMark().map(mark -> Place.of(name, mark)).orElse(first);
        return (e.getProblem().contains("end of stream") ? first : last)
                .problem("invalid YAML: " + e.getProblem() + ", in the block that starts at " + first
                        + "; check indentation, quotes and colons here, on the line before, and there");
    }

    private Place place(Node node) {
        return Place.of(name, node.getStartMark().orElseThrow());
    }

    private Yaml value(Node node) throws Unreadable {
        if (node.isRecursive()) {
            throw new Unreadable(place(node).problem("the value contains itself through an alias: write it out"));
        }
        if (++size > MOST || ++depth > DEEPEST) {
            throw new Unreadable(place(node).problem("the file is too long or nested too deeply: split it"));
        }
        Place place = place(node);
        Yaml value =
                switch (node) {
                    case ScalarNode text -> new Yaml.Text(place, text.getValue(), text.isPlain(), block(text, place));
                    case MappingNode keys -> keys(keys, place);
                    default -> items((SequenceNode) node, place);
                };
        depth--;
        return value;
    }

    /** The place of the first character of a block scalar, or null. */
    private Place block(ScalarNode text, Place place) {
        return text.getScalarStyle() == ScalarStyle.LITERAL
                ? new Place(
                        name,
                        place.line() + 1,
                        indent(lines.stream().skip(place.line()))
                                - indent(text.getValue().lines())
                                + 1)
                : null;
    }

    /** The indentation of the first line that is not blank. */
    private static int indent(Stream<String> lines) {
        return lines.filter(line -> !line.isBlank())
                .findFirst()
                .map(line -> line.length() - line.stripLeading().length())
                .orElse(0);
    }

    private Yaml items(SequenceNode list, Place place) throws Unreadable {
        List<Yaml> items = new ArrayList<>();
        for (Node item : list.getValue()) {
            items.add(value(item));
        }
        return new Yaml.Items(place, List.copyOf(items));
    }

    private Yaml keys(MappingNode keys, Place place) throws Unreadable {
        List<Yaml.Entry> entries = new ArrayList<>();
        Map<String, Place> known = new HashMap<>();
        for (NodeTuple entry : keys.getValue()) {
            if (!(value(entry.getKeyNode()) instanceof Yaml.Text key)) {
                throw new Unreadable(place(entry.getKeyNode())
                        .problem("a key must be a word: remove the extra bracket or question mark"));
            }
            Place first = known.putIfAbsent(key.text(), key.place());
            if (first != null) {
                throw new Unreadable(key.place()
                        .problem("duplicate key '" + key.text() + "', first on line " + first.line()
                                + ": remove one, or start a new item with '- '"));
            }
            entries.add(new Yaml.Entry(key, value(entry.getValueNode())));
        }
        return new Yaml.Keys(place, List.copyOf(entries));
    }
}
