package org.colleaguesearch.check;

import java.util.Set;
import java.util.stream.Stream;
import org.colleaguesearch.yaml.Nearest;
import org.colleaguesearch.yaml.Problem;
import org.colleaguesearch.yaml.Yaml;
import org.springframework.util.ClassUtils;

/** Each {@code bean:} endpoint is of a bean or a class that is there; a bean has the method that is called. */
final class BeanEndpoints implements Rule {
    private static final String SCHEME = "bean";

    @Override
    public Stream<Problem> problems(Routes routes) {
        Set<String> declared = routes.beans();
        return EndpointUri.in(routes)
                .filter(endpoint -> endpoint.text().text().matches("(?s)" + SCHEME + "(:.*)?"))
                .flatMap(endpoint -> routes.problems(
                        endpoint.field().in(), endpoint.text(), uri -> problems(endpoint.field(), uri, declared)));
    }

    private static Stream<Problem> problems(Declaration.Field field, Yaml.Text uri, Set<String> declared) {
        String path = uri.text().replaceFirst("^" + SCHEME + ":?(//)?", "").replaceFirst("(?s)\\?.*", "");
        return path.isEmpty()
                ? option(field, uri, "beanName").flatMap(name -> problems(field, uri, name, declared))
                : problems(field, uri, new Yaml.Text(uri.place(), path, uri.isPlain()), declared);
    }

    private static Stream<Problem> problems(
            Declaration.Field field, Yaml.Text uri, Yaml.Text name, Set<String> declared) {
        Beans beans = Beans.ofApplication();
        if (declared.contains(name.text())
                || EndpointOption.isOpen(name.text())
                || ClassUtils.isPresent(name.text(), Beans.class.getClassLoader())) {
            return Stream.of();
        }
        if (!beans.types().containsKey(name.text())) {
            return Stream.of(name.place()
                    .problem("there is no bean " + name.text()
                            + Nearest.remedy(name.text(), beans.types().keySet())));
        }
        return option(field, uri, "method")
                .filter(method ->
                        !EndpointOption.isOpen(BeanCall.of(method.text()).method()))
                .flatMap(method -> Stream.ofNullable(beans.wrong(name.text(), BeanCall.of(method.text())))
                        .map(method.place()::problem));
    }

    private static Stream<Yaml.Text> option(Declaration.Field field, Yaml.Text uri, String name) {
        return EndpointOption.of(field, uri).stream()
                .filter(option -> option.name().text().equals(name))
                .map(EndpointOption::value);
    }
}
