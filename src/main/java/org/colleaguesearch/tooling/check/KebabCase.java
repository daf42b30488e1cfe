package org.colleaguesearch.tooling.check;

import java.util.function.UnaryOperator;
import org.apache.camel.util.StringHelper;
import org.colleaguesearch.tooling.yaml.Yaml;

/** Camel accepts {@code parallel-processing} for {@code parallelProcessing}, except in names of steps. */
final class KebabCase {
    private KebabCase() {}

    /** Returns the value with keys as in Camel's schema. The only key of an item names a step. */
    static Yaml toCamelCase(Yaml value) {
        return switch (value) {
            case Yaml.Text text -> text;
            case Yaml.Items list ->
                new Yaml.Items(
                        list.place(),
                        list.items().stream()
                                .map(item -> item instanceof Yaml.Keys keys
                                                && keys.entries().size() == 1
                                        ? keys(keys, UnaryOperator.identity())
                                        : toCamelCase(item))
                                .toList());
            case Yaml.Keys keys -> keys(keys, KebabCase::key);
        };
    }

    private static Yaml.Keys keys(Yaml.Keys keys, UnaryOperator<Yaml.Text> name) {
        return new Yaml.Keys(
                keys.place(),
                keys.entries().stream()
                        .map(entry -> new Yaml.Entry(name.apply(entry.key()), toCamelCase(entry.value())))
                        .toList());
    }

    private static Yaml.Text key(Yaml.Text key) {
        return new Yaml.Text(key.place(), StringHelper.dashToCamelCase(key.text()), key.isPlain());
    }
}
