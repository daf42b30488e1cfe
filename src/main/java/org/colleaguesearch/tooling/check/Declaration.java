package org.colleaguesearch.tooling.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.colleaguesearch.tooling.yaml.Place;
import org.colleaguesearch.tooling.yaml.Yaml;

/** A route, template, bean or other declaration of a route file. Immutable. */
record Declaration(Yaml.Text kind, Yaml.Keys value) {
    static final String ROUTE = "route";
    static final String FROM = "from";
    static final String TEMPLATE = "routeTemplate";
    static final String TEMPLATED = "templatedRoute";
    static final String CONFIGURATION = "routeConfiguration";
    static final String REST = "rest";
    static final String BEANS = "beans";

    /**
     * A key anywhere in a declaration.
     *
     * @param owner the enclosing key; for an item of a list, the key of the list
     * @param siblings the keys of the same mapping
     */
    record Field(Declaration in, String owner, Yaml.Keys siblings, Yaml.Text key, Yaml value) {
        boolean isNamed(String name) {
            return key.text().equals(name);
        }

        /** Whether it is an endpoint option or a bean property, which can have any name. */
        boolean isOption() {
            return owner.equals("parameters") || owner.equals("properties") || (in.is(BEANS) && !owner.equals(BEANS));
        }
    }

    boolean is(String name) {
        return kind.text().equals(name);
    }

    Optional<Yaml.Text> text(String key) {
        return value.text(key);
    }

    /** The kind and id, for messages. */
    String name() {
        return kind.text() + id().map(id -> " " + id).orElse("");
    }

    Optional<String> id() {
        return text(is(TEMPLATED) ? "routeId" : "id").map(Yaml.Text::text);
    }

    /** The place for messages about missing keys. */
    Place place() {
        return kind.place();
    }

    /** The route it declares, or that its template creates. */
    Optional<Yaml.Keys> route() {
        return switch (kind.text()) {
            case ROUTE -> Optional.of(value);
            case TEMPLATE -> value.keys(ROUTE).or(() -> Optional.of(value));
            default -> Optional.empty();
        };
    }

    /** The consumer of the route. */
    Optional<Yaml.Keys> from() {
        return is(FROM) ? Optional.of(value) : route().flatMap(route -> route.keys(FROM));
    }

    /** All keys, outer before inner. */
    Stream<Field> fields() {
        List<Field> fields = new ArrayList<>();
        walk(value, kind.text(), fields);
        return fields.stream();
    }

    /** A key and all keys below it. */
    Stream<Field> fields(Field from) {
        List<Field> fields = new ArrayList<>(List.of(from));
        walk(from.value(), from.key().text(), fields);
        return fields.stream();
    }

    private void walk(Yaml node, String owner, List<Field> fields) {
        switch (node) {
            case Yaml.Keys keys -> {
                for (Yaml.Entry entry : keys.entries()) {
                    fields.add(new Field(this, owner, keys, entry.key(), entry.value()));
                    // "filter: expression: simple: …" means "filter: simple: …".
                    walk(
                            entry.value(),
                            entry.key().text().equals("expression")
                                    ? owner
                                    : entry.key().text(),
                            fields);
                }
            }
            case Yaml.Items list -> list.items().forEach(item -> walk(item, owner, fields));
            case Yaml.Text text -> {
                // Has no keys.
            }
        }
    }
}
