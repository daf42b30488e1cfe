package org.colleaguesearch.tooling.check;

import java.util.Optional;
import java.util.Set;
import org.colleaguesearch.settings.Nearest;
import org.colleaguesearch.settings.Problem;
import org.colleaguesearch.tooling.yaml.Place;
import org.springframework.util.ClassUtils;

/**
 * The beans that routes can name: those of the application, and those that files declare. Immutable.
 *
 * @param isWhole whether all files could be understood, so that a bean that is not here is not there
 */
record NamedBeans(Beans application, Set<String> declared, boolean isWhole) {
    static NamedBeans of(Routes routes) {
        return new NamedBeans(Beans.ofApplication(), routes.beans(), routes.isWhole());
    }

    /** That there is no bean of a name. Camel takes the name of a class for a bean of it. */
    Optional<Problem> missing(String name, Place place) {
        return !isWhole
                        || declared.contains(name)
                        || application.types().containsKey(name)
                        || ClassUtils.isPresent(name, Beans.class.getClassLoader())
                ? Optional.empty()
                : Optional.of(place.problem("there is no bean " + name
                        + Nearest.remedy(name, application.types().keySet())));
    }

    /** What is wrong with a call. Of the beans that files declare, the methods are not known. */
    Optional<Problem> wrong(String name, BeanCall call, Place place) {
        return application.types().containsKey(name) && !declared.contains(name)
                ? Optional.ofNullable(application.wrong(name, call)).map(place::problem)
                : Optional.empty();
    }
}
