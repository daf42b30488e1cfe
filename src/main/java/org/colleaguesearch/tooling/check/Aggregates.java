package org.colleaguesearch.tooling.check;

import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.AggregationStrategy;
import org.colleaguesearch.settings.Problem;
import org.colleaguesearch.tooling.yaml.Yaml;
import org.springframework.util.ClassUtils;

/** Each aggregate has a completion and a valid strategy. Camel checks this only when the route starts or runs. */
final class Aggregates implements Rule {
    private static final String STRATEGY = "aggregationStrategy";

    @Override
    public Stream<Problem> problems(Routes routes) {
        return routes.fields().filter(field -> !field.isOption()).flatMap(field -> {
            if (field.isNamed("aggregate") && field.value() instanceof Yaml.Keys aggregate) {
                return completion(field, aggregate);
            }
            return field.isNamed(STRATEGY) && field.value() instanceof Yaml.Text name
                    ? strategy(field, name)
                    : Stream.of();
        });
    }

    private static Stream<Problem> completion(Declaration.Field field, Yaml.Keys aggregate) {
        Set<String> given = Set.copyOf(aggregate.names());
        if (given.contains("completionTimeout") && given.contains("completionInterval")) {
            return aggregate.value("completionInterval").stream()
                    .map(interval -> interval.place()
                            .problem("'aggregate' has completionInterval and completionTimeout: keep one of them"));
        }
        return given.stream().anyMatch(name -> name.startsWith("completion") && !name.startsWith("completionOn"))
                ? Stream.of()
                : Stream.of(field.key()
                        .place()
                        .problem("'aggregate' never completes: add completionSize, completionTimeout or another"
                                + " completion"));
    }

    /** With a method name, any bean can be a strategy. */
    private static Stream<Problem> strategy(Declaration.Field field, Yaml.Text name) {
        String made = name.text().replaceFirst("^#class:", "");
        Class<?> type = !made.equals(name.text()) && ClassUtils.isPresent(made, null)
                ? ClassUtils.resolveClassName(made, null)
                : Beans.ofApplication().types().get(name.text().replaceFirst("^#(bean:)?", ""));
        return type == null
                        || AggregationStrategy.class.isAssignableFrom(type)
                        || field.siblings().value(STRATEGY + "MethodName").isPresent()
                ? Stream.of()
                : Stream.of(name.place()
                        .problem("'" + name.text() + "' is not an AggregationStrategy: use one, or set " + STRATEGY
                                + "MethodName to the method that merges two bodies"));
    }
}
