package org.colleaguesearch.routes.contract;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.colleaguesearch.routes.contract.RouteFile.Declaration;
import org.colleaguesearch.routes.contract.RouteFile.Field;

/** What a route file names is there: settings, thread pools, beans, templates, error configurations. */
final class References {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{\\??([^}:]+)(:[^}]*)?}}");
    /** In a simple expression, or as a placeholder. */
    private static final Pattern BEAN_IN_TEXT = Pattern.compile("(?:\\$\\{|\\{\\{)bean:(\\w+)");
    /** What else ends in Ref but names no bean. */
    private static final Set<String> NO_BEANS = Set.of("routeTemplateRef");

    private References() {}

    static Stream<String> placeholders(RouteFiles files, Set<String> settings) {
        return files.fields()
                .filter(field -> field.value().isTextual())
                .flatMap(field -> PLACEHOLDER
                        .matcher(field.value().textValue())
                        .results()
                        .map(match -> match.group(1).strip())
                        .filter(key -> !key.equals("bean"))
                        .filter(key -> !settings.contains(key)
                                && !parameters(field.in()).contains(key))
                        .map(key -> where(field) + "{{" + key + "}} has no setting in application.yml"));
    }

    private static Set<String> parameters(Declaration declaration) {
        Set<String> names = new HashSet<>();
        if (declaration.kind().equals("routeTemplate")) {
            declaration
                    .value()
                    .path("parameters")
                    .forEach(parameter -> names.add(parameter.path("name").asText()));
        }
        return names;
    }

    static Stream<String> pools(RouteFiles files, Set<String> pools) {
        return files.texts("executorService")
                .filter(pool -> !pools.contains(pool))
                .map(pool -> "the thread pool " + pool + " is not under camel.threadpool.config in application.yml");
    }

    static Stream<String> beans(RouteFiles files, Set<String> beans) {
        return files.fields()
                .filter(field -> field.value().isTextual())
                .flatMap(field -> beans(field)
                        .filter(bean -> !beans.contains(bean))
                        .map(bean -> where(field) + "there is no bean " + bean));
    }

    private static Stream<String> beans(Field field) {
        String text = field.value().textValue();
        boolean isReference =
                field.name().equals("ref") || (field.name().endsWith("Ref") && !NO_BEANS.contains(field.name()));
        if (isReference || text.matches("#(bean:)?\\w+")) {
            return Stream.of(text.replaceFirst("^#(bean:)?", ""));
        }
        return BEAN_IN_TEXT.matcher(text).results().map((MatchResult match) -> match.group(1));
    }

    static Stream<String> templates(RouteFiles files) {
        Set<String> templates = files.declarations("routeTemplate")
                .map(template -> template.text("id"))
                .collect(Collectors.toSet());
        return files.declarations("templatedRoute")
                .filter(made -> !templates.contains(made.text("routeTemplateRef")))
                .map(made -> made.file().path() + ": " + made.name() + ": there is no template "
                        + made.text("routeTemplateRef"));
    }

    static Stream<String> configurations(RouteFiles files) {
        Set<String> ids = files.declarations("routeConfiguration")
                .map(configuration -> configuration.text("id"))
                .collect(Collectors.toSet());
        return files.fields()
                .filter(field -> field.name().equals("routeConfigurationId"))
                .filter(field -> !ids.contains(field.value().asText()))
                .map(field -> where(field) + "there is no routeConfiguration "
                        + field.value().asText());
    }

    private static String where(Field field) {
        return field.in().file().path() + ": " + field.in().name() + ": ";
    }
}
