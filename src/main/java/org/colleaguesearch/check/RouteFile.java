package org.colleaguesearch.check;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.colleaguesearch.yaml.Problem;
import org.colleaguesearch.yaml.Unreadable;
import org.colleaguesearch.yaml.Yaml;
import org.colleaguesearch.yaml.YamlReader;

/**
 * A route file that could be read.
 *
 * @param name relative to the folder that is checked
 */
record RouteFile(Path name, Yaml root, List<Problem> problems) {
    static RouteFile read(Path folder, Path name) throws Unreadable {
        Yaml root = KebabCase.toCamelCase(YamlReader.read(folder.resolve(name), name));
        return new RouteFile(name, root, Syntax.problems(root));
    }

    /** What its items declare. */
    List<Declaration> declarations() {
        return root instanceof Yaml.Items list
                ? list.items().stream()
                        .filter(Yaml.Keys.class::isInstance)
                        .flatMap(item -> ((Yaml.Keys) item).entries().stream())
                        .filter(entry -> entry.value() instanceof Yaml.Keys)
                        .map(entry -> new Declaration(entry.key(), (Yaml.Keys) entry.value()))
                        .toList()
                : List.of();
    }

    /** The names of the beans that it declares. */
    Stream<Yaml.Text> beans() {
        return root instanceof Yaml.Items list
                ? list.items().stream()
                        .filter(Yaml.Keys.class::isInstance)
                        .flatMap(item -> ((Yaml.Keys) item).items("beans").stream())
                        .flatMap(bean -> bean.text("name").stream())
                : Stream.of();
    }
}
