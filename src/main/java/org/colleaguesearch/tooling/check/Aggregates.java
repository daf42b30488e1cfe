package org.colleaguesearch.tooling.check;

import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.AggregationStrategy;
import org.colleaguesearch.settings.Problem;
import org.colleaguesearch.tooling.yaml.Yaml;
import org.springframework.util.ClassUtils;

/** Each aggregation strategy is one, and what an {@code aggregate} gathers is complete at some time. */
final class Aggregates implements Rule {
    private static final String STRATEGY = "aggregationStrategy";

    /** Camel looks for one of them when the route starts. */
    private static final Set<String> COMPLETIONS = Set.of(
            "completionSize",
            "completionTimeout",
            "completionInterval",
            "completionPredicate",
            "completionSizeExpression",
            "completionTimeoutExpression",
            "completionFromBatchConsumer");

    @Override
    public Stream<Problem> problems(Routes routes) {
        Map<String, Class<?>> beans = Beans.ofApplication().types();
        return routes.fields()
                .filter(field -> !field.isOption())
                .flatMap(field -> Stream.of(endless(field), twice(field), strategy(field, beans))
                        .flatMap(problems -> problems));
    }

    /** Camel finds it when the route starts. */
    private static Stream<Problem> twice(Declaration.Field field) {
        return field.isNamed("aggregate")
                        && field.value() instanceof Yaml.Keys aggregate
                        && aggregate.value("completionTimeout").isPresent()
                ? aggregate.value("completionInterval").stream()
                        .map(interval -> interval.place()
                                .problem("'aggregate' has completionInterval and completionTimeout: keep one of them"))
                : Stream.of();
    }

    private static Stream<Problem> endless(Declaration.Field field) {
        return field.isNamed("aggregate")
                        && field.value() instanceof Yaml.Keys aggregate
                        && aggregate.names().stream().noneMatch(COMPLETIONS::contains)
                ? Stream.of(field.key()
                        .place()
                        .problem("'aggregate' does not say when what it gathers is complete: add completionSize,"
                                + " completionTimeout or another completion"))
                : Stream.of();
    }

    /** Of a bean, or of a class that Camel is to make one of; null where it is not known. */
    private static Class<?> type(String name, Map<String, Class<?>> beans) {
        String made = "#class:";
        return name.startsWith(made) && ClassUtils.isPresent(name.substring(made.length()), null)
                ? ClassUtils.resolveClassName(name.substring(made.length()), null)
                : beans.get(name.replaceFirst("^#(bean:)?", ""));
    }

    /** Any bean can be one if it is said which of its methods joins. */
    private static Stream<Problem> strategy(Declaration.Field field, Map<String, Class<?>> beans) {
        if (!field.isNamed(STRATEGY) || !(field.value() instanceof Yaml.Text text)) {
            return Stream.of();
        }
        Class<?> type = type(text.text(), beans);
        return type == null
                        || AggregationStrategy.class.isAssignableFrom(type)
                        || field.siblings().value(STRATEGY + "MethodName").isPresent()
                ? Stream.of()
                : Stream.of(text.place()
                        .problem(text.text() + " is no AggregationStrategy: name one, or add " + STRATEGY
                                + "MethodName, the method that joins two bodies"));
    }
}
