package org.colleaguesearch.tooling.check;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.colleaguesearch.settings.Problem;
import org.colleaguesearch.tooling.yaml.Place;
import org.colleaguesearch.tooling.yaml.Yaml;

/** Each declared bean has a unique name. A bean named like one of the application would replace it for all routes. */
final class BeanNames implements Rule {
    @Override
    public Stream<Problem> problems(Routes routes) {
        Map<String, Class<?>> application = Beans.ofApplication().types();
        Map<String, Place> declared = new HashMap<>();
        return routes.of(Declaration.BEANS)
                .flatMap(bean -> bean.text("name").stream())
                .flatMap(name -> {
                    Place first = declared.putIfAbsent(name.text(), name.place());
                    if (application.containsKey(name.text())) {
                        return Stream.of(taken(name, "used by the application"));
                    }
                    return first == null ? Stream.of() : Stream.of(taken(name, "first at " + first));
                });
    }

    private static Problem taken(Yaml.Text name, String other) {
        return name.place().problem("duplicate bean name '" + name.text() + "', " + other + ": rename it");
    }
}
