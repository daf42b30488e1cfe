package org.colleaguesearch.tooling.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.catalog.EndpointValidationResult;
import org.apache.camel.catalog.impl.DefaultRuntimeCamelCatalog;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.tooling.model.BaseOptionModel;
import org.apache.camel.tooling.model.ComponentModel;
import org.colleaguesearch.settings.Nearest;
import org.colleaguesearch.settings.Problem;
import org.colleaguesearch.tooling.yaml.Yaml;
import org.springframework.core.io.UrlResource;
import org.springframework.core.io.support.PropertiesLoaderUtils;

/** Each endpoint has an available component, known options and valid values, according to Camel's catalog. */
record Endpoints(KnownSettings settings) implements Rule {
    /** The components on the class path, read at the first check. It caches, and is thread-safe. */
    private static final class Catalog {
        private static final DefaultCamelContext CAMEL = new DefaultCamelContext();
        private static final DefaultRuntimeCamelCatalog CATALOG = new DefaultRuntimeCamelCatalog(true);

        static {
            CATALOG.setCamelContext(CAMEL);
        }

        /** Each library lists its components in this file. */
        private static Set<String> components() {
            Set<String> components = new TreeSet<>();
            try {
                for (URL list : Collections.list(Catalog.class
                        .getClassLoader()
                        .getResources("META-INF/services/org/apache/camel/component.properties"))) {
                    Properties properties = PropertiesLoaderUtils.loadProperties(new UrlResource(list));
                    components.addAll(
                            List.of(properties.getProperty("components", "").split(" ", -1)));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return components;
        }
    }

    @Override
    public Stream<Problem> problems(Routes routes) {
        return EndpointUri.in(routes)
                // The URI of an interception is a pattern.
                .filter(endpoint -> !endpoint.step().startsWith("intercept"))
                .flatMap(endpoint -> problems(endpoint, filled(endpoint.text())));
    }

    private Yaml.Text filled(Yaml.Text text) {
        return new Yaml.Text(text.place(), settings.filled(text.text()), text.isPlain());
    }

    private Stream<Problem> problems(EndpointUri endpoint, Yaml.Text uri) {
        String scheme = uri.text().replaceFirst("(?s):.*", "");
        if (uri.isMissing() || EndpointOption.isOpen(scheme)) {
            return Stream.of();
        }
        ComponentModel component = Catalog.CATALOG.componentModel(scheme);
        if (component == null) {
            return Stream.of(uri.place()
                    .problem("unknown component '" + scheme + "'" + Nearest.remedy(scheme, Catalog.components())));
        }
        List<EndpointOption> options = EndpointOption.of(endpoint.field(), uri).stream()
                .map(option -> new EndpointOption(option.name(), filled(option.value())))
                .toList();
        return Stream.of(
                        misplaced(endpoint, component),
                        EndpointOption.lists(endpoint.field()),
                        invalid(uri, component, options),
                        options.stream().flatMap(option -> option.invalidSchedule(scheme)))
                .flatMap(problems -> problems);
    }

    /** Some components can only receive, others only send. */
    private static Stream<Problem> misplaced(EndpointUri endpoint, ComponentModel component) {
        String wrong = endpoint.isSource() && component.isProducerOnly()
                ? "routes cannot receive from it, only send to it"
                : endpoint.isTarget() && component.isConsumerOnly()
                        ? "routes cannot send to it, only receive from it"
                        : null;
        return wrong == null
                ? Stream.of()
                : Stream.of(endpoint.text().place().problem("'" + component.getScheme() + "': " + wrong));
    }

    private static Stream<Problem> invalid(Yaml.Text uri, ComponentModel component, List<EndpointOption> options) {
        Map<String, EndpointOption> given = new HashMap<>();
        options.forEach(option -> given.putIfAbsent(option.name().text(), option));
        EndpointValidationResult result =
                Catalog.CATALOG.validateEndpointProperties(complete(uri.text(), given), true, false, false);
        Stream<Problem> incomplete = result.getRequired() == null
                ? Stream.of()
                : Stream.of(uri.place()
                        .problem("'" + uri.text() + "' is incomplete: the syntax is " + component.getSyntax()));
        return Stream.concat(incomplete, given.values().stream().flatMap(option -> option.invalid(component, result)));
    }

    /** The endpoint as one URI, with stand-ins for parts only known at run time. */
    private static String complete(String uri, Map<String, EndpointOption> options) {
        String path = uri.replaceAll("\\$\\{[^}]*}|\\{\\{[^}]*}}", "x").replaceFirst("(?s)\\?.*", "");
        return path
                + options.values().stream()
                        .filter(option -> !option.value().isMissing())
                        .map(option -> option.name().text() + "="
                                + encoded(option.value().text()))
                        .collect(Collectors.joining("&", "?", ""));
    }

    private static String encoded(String value) {
        return URLEncoder.encode(EndpointOption.isOpen(value) ? "{{open}}" : value, StandardCharsets.UTF_8);
    }

    static boolean isDuration(String text) {
        return Catalog.CATALOG.validateTimePattern(text);
    }

    /** The names of the options of a component. */
    static Set<String> names(ComponentModel component) {
        return Stream.concat(component.getEndpointOptions().stream(), component.getEndpointPathOptions().stream())
                .map(BaseOptionModel::getName)
                .collect(Collectors.toSet());
    }
}
