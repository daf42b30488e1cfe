package org.colleaguesearch.tooling.check;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.colleaguesearch.settings.Problem;
import org.colleaguesearch.tooling.yaml.Unreadable;
import org.colleaguesearch.tooling.yaml.Yaml;
import org.colleaguesearch.tooling.yaml.YamlReader;

/**
 * A readable route file.
 *
 * @param name relative to the checked folder
 */
record RouteFile(Path name, Yaml root, List<Problem> problems) {
    static RouteFile read(Path folder, Path name) throws Unreadable {
        Yaml root = KebabCase.toCamelCase(YamlReader.read(folder.resolve(name), name));
        return new RouteFile(name, root, Syntax.problems(root));
    }

    /** The declarations of its items. In a list, such as {@code beans}, each item is a declaration. */
    List<Declaration> declarations() {
        return root instanceof Yaml.Items list
                ? list.items().stream()
                        .filter(Yaml.Keys.class::isInstance)
                        .flatMap(item -> ((Yaml.Keys) item).entries().stream())
                        .flatMap(RouteFile::declarations)
                        .toList()
                : List.of();
    }

    private static Stream<Declaration> declarations(Yaml.Entry entry) {
        Stream<Yaml> values =
                entry.value() instanceof Yaml.Items list ? list.items().stream() : Stream.of(entry.value());
        return values.filter(Yaml.Keys.class::isInstance).map(value -> new Declaration(entry.key(), (Yaml.Keys) value));
    }
}
