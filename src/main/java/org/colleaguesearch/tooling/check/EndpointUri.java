package org.colleaguesearch.tooling.check;

import java.util.Set;
import java.util.stream.Stream;
import org.colleaguesearch.tooling.yaml.Yaml;

/**
 * The URI of an endpoint.
 *
 * @param step that uses it, such as from, to or enrich
 */
record EndpointUri(Declaration.Field field, String step, Yaml.Text text) {
    private static final Set<String> STEPS = Set.of("from", "to", "toD", "wireTap", "poll");

    /** Steps that compute their endpoint by an expression. A constant one can be checked. */
    private static final Set<String> COMPUTED = Set.of("enrich", "pollEnrich", "recipientList", "routingSlip");

    private static final Set<String> SOURCES = Set.of("from", "poll", "pollEnrich");

    /** The endpoints of all steps, as written in the files. */
    static Stream<EndpointUri> in(Routes routes) {
        return routes.fields()
                .filter(field -> !field.isOption() && field.value() instanceof Yaml.Text)
                .flatMap(EndpointUri::of);
    }

    private static Stream<EndpointUri> of(Declaration.Field field) {
        Yaml.Text text = (Yaml.Text) field.value();
        String key = field.key().text();
        if (key.equals("uri")) {
            return Stream.of(new EndpointUri(field, field.owner(), text));
        }
        if (key.equals("constant") && COMPUTED.contains(field.owner())) {
            return Stream.of(text.text().split(",", -1))
                    .map(uri -> new EndpointUri(
                            field, field.owner(), new Yaml.Text(text.place(), uri.strip(), text.isPlain())));
        }
        return STEPS.contains(key) ? Stream.of(new EndpointUri(field, key, text)) : Stream.of();
    }

    /** Whether the route receives from it. */
    boolean isSource() {
        return SOURCES.contains(step);
    }

    /** Whether the route sends to it. */
    boolean isTarget() {
        return !isSource() && (STEPS.contains(step) || COMPUTED.contains(step));
    }
}
