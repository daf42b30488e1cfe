package org.colleaguesearch.tooling.check;

import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.colleaguesearch.settings.Problem;
import org.colleaguesearch.tooling.yaml.Place;
import org.colleaguesearch.tooling.yaml.Yaml;

/** Each bean that routes name is there, and has the method that is called. */
final class BeanReferences implements Rule {
    private static final Set<String> CALLS = Set.of("bean", "method", "policy", "process");

    private static final Set<String> METHODS = Set.of("bean", "method");

    /** Keys that name beans without a sign. */
    private static final Set<String> NAMES =
            Set.of("ref", "aggregationStrategy", "routePolicy", "idempotentRepository", "aggregationRepository");

    /** What else ends in Ref but names no bean. */
    private static final Set<String> NO_BEANS = Set.of("routeTemplateRef", "executorServiceRef");

    private static final Pattern REFERENCE = Pattern.compile("#(?:bean:)?(\\w[\\w-]*)");
    private static final Pattern NAME = Pattern.compile("\\w[\\w.-]*");

    /** In a simple expression or as a placeholder: its name, and the method if there is one. */
    private static final Pattern IN_TEXT =
            Pattern.compile("(?:\\$\\{|\\{\\{)bean:(?!type:)(\\w+)(?:(?:\\?method=|\\.|::)(\\w+(?:\\([^}]*\\))?))?");

    @Override
    public Stream<Problem> problems(Routes routes) {
        return Stream.of(none(routes), anyMethod(routes), named(routes)).flatMap(Function.identity());
    }

    /** Steps that call a bean, and do not say which. */
    private static Stream<Problem> none(Routes routes) {
        return routes.fields()
                .filter(field -> CALLS.contains(field.key().text()) && !field.isOption())
                .filter(field -> field.value() instanceof Yaml.Keys call
                        && call.value("ref").isEmpty()
                        && call.value("beanType").isEmpty())
                .map(field -> field.key()
                        .place()
                        .problem("'" + field.key().text() + "' does not say which: add ref, the name of a bean"));
    }

    /** Calls of a bean of several methods that do not say which: Camel would choose, and fail where several fit. */
    private static Stream<Problem> anyMethod(Routes routes) {
        Beans beans = Beans.ofApplication();
        return routes.fields()
                .filter(field -> METHODS.contains(field.key().text()) && !field.isOption())
                .filter(field -> field.value() instanceof Yaml.Keys call
                        && call.value("method").isEmpty())
                .flatMap(field -> ((Yaml.Keys) field.value())
                        .text("ref").map(Yaml.Text::text).stream()
                                .filter(beans.types()::containsKey)
                                .filter(bean -> beans.publicMethods(bean).size() > 1)
                                .map(bean -> field.key()
                                        .place()
                                        .problem("'" + field.key().text() + "' does not say which method of " + bean
                                                + " is called: add method, one of "
                                                + String.join(", ", beans.publicMethods(bean)))));
    }

    private static Stream<Problem> named(Routes routes) {
        NamedBeans beans = NamedBeans.of(routes);
        return routes.fields()
                .filter(field -> field.value() instanceof Yaml.Text)
                .flatMap(field ->
                        routes.problems(field.in(), (Yaml.Text) field.value(), text -> problems(field, text, beans)));
    }

    private static Stream<Problem> problems(Declaration.Field field, Yaml.Text text, NamedBeans beans) {
        if (field.isNamed("method")
                && METHODS.contains(field.owner())
                && !BeanCall.of(text.text()).isClosed()) {
            return Stream.of(text.place().problem(BeanCall.of(text.text()).unclosed()));
        }
        return Stream.concat(
                named(field, text.text()).stream().flatMap(bean -> problems(field, text, bean, beans)),
                IN_TEXT.matcher(text.text())
                        .results()
                        .flatMap(match -> Stream.concat(
                                beans.missing(match.group(1), text.place()).stream(),
                                call(match.group(1), match.group(2), text.place(), beans))));
    }

    private static Stream<Problem> problems(Declaration.Field field, Yaml.Text text, String bean, NamedBeans beans) {
        return Stream.concat(
                beans.missing(bean, text.place()).stream(),
                field.isNamed("ref")
                        ? field.siblings().text("method").stream()
                                .flatMap(method -> call(bean, method.text(), method.place(), beans))
                        : Stream.of());
    }

    private static Stream<Problem> call(String bean, String method, Place place, NamedBeans beans) {
        return method == null || method.startsWith("{{")
                ? Stream.of()
                : beans.wrong(bean, BeanCall.of(method), place).stream();
    }

    private static List<String> named(Declaration.Field field, String text) {
        var reference = REFERENCE.matcher(text);
        if (reference.matches()) {
            return List.of(reference.group(1));
        }
        String key = field.key().text();
        boolean isName = !field.isOption() && (NAMES.contains(key) || (key.endsWith("Ref") && !NO_BEANS.contains(key)));
        return isName
                ? Stream.of(text.split(",", -1))
                        .map(String::strip)
                        .filter(NAME.asMatchPredicate())
                        .toList()
                : List.of();
    }
}
