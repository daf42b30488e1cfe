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
 * The names of settings that there are, as a tree by their words. Filled first, then read; for one thread.
 *
 * <p>Below a map stands what there is below each of its values, whatever its key; where there is nothing, below it is
 * what users like.
 */
final class SettingNames {
    private final Map<String, SettingNames> below = new TreeMap<>();
    private String type = "";

    /** Adds a setting. {@code type}: the name of its class, empty where that is not known. */
    void add(String name, String type) {
        SettingNames names = this;
        for (String word : name.split("\\.", -1)) {
            names = names.below.computeIfAbsent(word, first -> new SettingNames());
        }
        if (!type.isEmpty()) {
            names.type = type;
        }
    }

    /** Adds the components of a record, of records in it, and of records in its lists. */
    void add(String prefix, Class<?> record) {
        for (RecordComponent component : record.getRecordComponents()) {
            String name = prefix + "." + DataObjectPropertyName.toDashedForm(component.getName());
            ResolvableType type = ResolvableType.forType(component.getGenericType());
            Class<?> element = type.hasGenerics() ? type.getGeneric(0).resolve() : type.resolve();
            add(name, "");
            if (element != null && element.isRecord()) {
                add(name, element);
            }
        }
    }

    /** The class that a setting is read as, an empty text where that is not known; nothing: there is no such setting. */
    Optional<String> type(ConfigurationPropertyName name) {
        Reached end = follow(name);
        return end.isWhole(name) ? Optional.of(end.type) : Optional.empty();
    }

    /** What an unknown one was meant to be: the same with one word in place of one that is near to it. */
    Optional<ConfigurationPropertyName> meant(ConfigurationPropertyName unknown) {
        Reached end = follow(unknown);
        return end.isWhole(unknown)
                ? Optional.empty()
                : Nearest.meant(unknown.getElement(end.words, Form.DASHED), end.names.below.keySet())
                        .map(word -> replaced(unknown, end.words, word))
                        .filter(name -> type(name).isPresent());
    }

    /** How far a name is known: that many words of it, up to these names. */
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

    /** The word as it is known, however it is written: {@code batchSize} is {@code batch-size}. */
    private Optional<String> word(String written) {
        return below.keySet().stream()
                .filter(word -> word.replace("-", "").equals(written))
                .findFirst();
    }

    private boolean isMap() {
        return type.startsWith("java.util.Map<") || type.equals("java.util.Properties");
    }

    private String ofValue() {
        return type.replaceFirst("^java\\.util\\.Map<[\\w.]+,", "").replaceFirst(">$", "");
    }

    private static ConfigurationPropertyName replaced(ConfigurationPropertyName name, int at, String word) {
        ConfigurationPropertyName replaced = name.chop(at).append(word);
        return at + 1 == name.getNumberOfElements() ? replaced : replaced.append(name.subName(at + 1));
    }
}
