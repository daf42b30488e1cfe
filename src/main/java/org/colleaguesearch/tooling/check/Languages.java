package org.colleaguesearch.tooling.check;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.colleaguesearch.settings.Nearest;
import org.colleaguesearch.settings.Problem;
import org.colleaguesearch.tooling.yaml.Yaml;

/** Each expression is of a language that is there, each data format, too, and JSON has features that there are. */
final class Languages implements Rule {
    private static final Set<String> FORMATTED = Set.of("marshal", "unmarshal");
    private static final Set<String> NO_FORMATS = Set.of(
            "id",
            "description",
            "note",
            "disabled",
            "variableSend",
            "variableReceive",
            "allowNullBody",
            // A bean.
            "custom");
    private static final Set<String> FEATURES = Set.of("enableFeatures", "disableFeatures");

    @Override
    public Stream<Problem> problems(Routes routes) {
        Set<String> absent = new TreeSet<>(Shape.languages());
        absent.removeAll(ClassPath.names("language"));
        absent.removeAll(Set.of("method", "expression", "language"));
        return routes.fields()
                .filter(field -> !field.isOption())
                .flatMap(field -> absent.contains(field.key().text())
                        ? Stream.of(none("language", field.key(), ClassPath.names("language")))
                        : Stream.concat(format(field), features(field)));
    }

    private static Problem none(String kind, Yaml.Text name, Set<String> known) {
        return name.place()
                .problem("the application has no " + kind + " '" + name.text() + "'"
                        + Nearest.remedy(name.text(), known));
    }

    private static Stream<Problem> format(Declaration.Field field) {
        if (!FORMATTED.contains(field.owner())
                || NO_FORMATS.contains(field.key().text())) {
            return Stream.of();
        }
        String name = field.isNamed("json") && field.value() instanceof Yaml.Keys json
                ? json.text("library").map(Yaml.Text::text).orElse("jackson").toLowerCase(Locale.ROOT)
                : field.key().text();
        Set<String> known = ClassPath.names("dataformat");
        if (known.contains(name) || !Shape.formats().contains(field.key().text())) {
            return Stream.of();
        }
        return Stream.of(
                field.isNamed("json")
                        ? field.key()
                                .place()
                                .problem("the application has no JSON library '" + name
                                        + "': leave library out, or write jackson")
                        : none("data format", field.key(), known));
    }

    private static Stream<Problem> features(Declaration.Field field) {
        if (!FEATURES.contains(field.key().text()) || !(field.value() instanceof Yaml.Text text)) {
            return Stream.of();
        }
        Set<String> known = Stream.of(
                        SerializationFeature.values(), DeserializationFeature.values(), MapperFeature.values())
                .flatMap(Stream::of)
                .map(Enum::name)
                .collect(Collectors.toSet());
        return Stream.of(text.text().split(",", -1))
                .map(String::strip)
                .filter(name -> !name.contains("{{") && !new EnumValues(known).have(name))
                .map(name -> text.place().problem("JSON has no feature " + name + Nearest.remedy(name, known)));
    }
}
