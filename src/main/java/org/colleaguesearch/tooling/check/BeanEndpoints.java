package org.colleaguesearch.tooling.check;

import java.util.stream.Stream;
import org.colleaguesearch.settings.Problem;
import org.colleaguesearch.tooling.yaml.Yaml;

/** Each {@code bean:} endpoint is of a bean or a class that is there; a bean has the method that is called. */
final class BeanEndpoints implements Rule {
    private static final String SCHEME = "bean";

    @Override
    public Stream<Problem> problems(Routes routes) {
        NamedBeans beans = NamedBeans.of(routes);
        return EndpointUri.in(routes)
                .filter(endpoint -> endpoint.text().text().matches("(?s)" + SCHEME + "(:.*)?"))
                .flatMap(endpoint -> routes.problems(
                        endpoint.field().in(), endpoint.text(), uri -> problems(endpoint.field(), uri, beans)));
    }

    private static Stream<Problem> problems(Declaration.Field field, Yaml.Text uri, NamedBeans beans) {
        String path = uri.text().replaceFirst("^" + SCHEME + ":?(//)?", "").replaceFirst("(?s)\\?.*", "");
        return path.isEmpty()
                ? EndpointOption.value(field, uri, "beanName").stream()
                        .flatMap(name -> problems(field, uri, name, beans))
                : problems(field, uri, new Yaml.Text(uri.place(), path, uri.isPlain()), beans);
    }

    private static Stream<Problem> problems(Declaration.Field field, Yaml.Text uri, Yaml.Text name, NamedBeans beans) {
        if (EndpointOption.isOpen(name.text())) {
            return Stream.of();
        }
        return Stream.concat(
                beans.missing(name.text(), name.place()).stream(),
                EndpointOption.value(field, uri, "method")
                        .filter(method -> !EndpointOption.isOpen(
                                BeanCall.of(method.text()).method()))
                        .flatMap(method -> beans.wrong(name.text(), BeanCall.of(method.text()), method.place()))
                        .stream());
    }
}
