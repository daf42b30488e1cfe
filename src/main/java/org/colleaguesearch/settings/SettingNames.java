package org.colleaguesearch.settings;

import java.lang.reflect.RecordComponent;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.core.ResolvableType;

/**
 * The names of all known settings, as a tree of their words. Filled first, then read; for one thread.
 *
 * <p>The node of a map holds what can stand below each of its values, whatever the key. If it holds nothing, anything can
 * stand below it.
 */
final class SettingNames {
    private static final String MAP = "java.util.Map<";

    private final Map<String, SettingNames> below = new TreeMap<>();
    private String type = "";

    /** Adds a setting. {@code type}: the name of its class, or empty if unknown. */
    void add(String name, String type) {
        SettingNames names = this;
        for (String word : name.split("\\.", -1)) {
            names = names.below.computeIfAbsent(word, first -> new SettingNames());
        }
        if (!type.isEmpty()) {
            names.type = type;
        }
    }

    /** Adds the components of a record, of its nested records, and of records in its lists and maps. */
    void add(String prefix, Class<?> record) {
        for (RecordComponent component : record.getRecordComponents()) {
            String name = prefix + "." + DataObjectPropertyName.toDashedForm(component.getName());
            ResolvableType type = ResolvableType.forType(component.getGenericType());
            boolean isMap = Map.class.equals(type.resolve());
            Class<?> element =
                    type.hasGenerics() ? type.getGeneric(isMap ? 1 : 0).resolve() : type.resolve();
            add(name, isMap ? MAP : "");
            if (element != null && element.isRecord()) {
                add(name, element);
            }
        }
    }

    /** The name of the class that a setting is read as, empty if unknown; nothing for an unknown setting. */
    Optional<String> type(ConfigurationPropertyName name) {
        Reached end = follow(name);
        return end.isWhole(name) ? Optional.of(end.type) : Optional.empty();
    }

    /** The known setting that an unknown one was probably meant to be: it differs in one similar word. */
    Optional<ConfigurationPropertyName> meant(ConfigurationPropertyName unknown) {
        Reached end = follow(unknown);
        return end.isWhole(unknown)
                ? Optional.empty()
                : Nearest.meant(unknown.getElement(end.words, Form.DASHED), end.names.below.keySet())
                        .map(word -> replaced(unknown, end.words, word))
                        .filter(name -> type(name).isPresent());
    }

    /** How far a name is known: its first {@code words} words lead to {@code names}. */
    private record Reached(SettingNames names, int words, String type) {
        boolean isWhole(ConfigurationPropertyName name) {
            return words == name.getNumberOfElements();
        }
    }

    private Reached follow(ConfigurationPropertyName name) {
        SettingNames names = this;
        int all = name.getNumberOfElements();
        for (int at = 0; at < all; at++) {
            if (name.isNumericIndex(at)) {
                continue;
            }
            if (names.isMap()) {
                if (names.below.isEmpty() || at + 1 == all) {
                    return new Reached(names, all, names.ofValue());
                }
                at++;
            }
            Optional<String> word = names.word(name.getElement(at, Form.UNIFORM));
            if (word.isEmpty()) {
                return new Reached(names, at, "");
            }
            names = names.below.get(word.get());
        }
        return new Reached(names, all, names.type);
    }

    /** The word in its canonical spelling: {@code batch-size} for {@code batchSize}. */
    private Optional<String> word(String written) {
        return below.keySet().stream()
                .filter(word -> word.replace("-", "").equals(written))
                .findFirst();
    }

    private boolean isMap() {
        return type.startsWith(MAP) || type.equals("java.util.Properties");
    }

    private String ofValue() {
        return type.replaceFirst("^java\\.util\\.Map<[\\w.]+,", "").replaceFirst(">$", "");
    }

    private static ConfigurationPropertyName replaced(ConfigurationPropertyName name, int at, String word) {
        ConfigurationPropertyName replaced = name.chop(at).append(word);
        return at + 1 == name.getNumberOfElements() ? replaced : replaced.append(name.subName(at + 1));
    }
}
