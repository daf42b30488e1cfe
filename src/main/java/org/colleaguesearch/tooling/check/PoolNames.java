package org.colleaguesearch.tooling.check;

import java.util.Set;
import java.util.stream.Stream;
import org.colleaguesearch.settings.Nearest;
import org.colleaguesearch.settings.Problem;
import org.colleaguesearch.tooling.yaml.Yaml;

/** Each {@code executorService} is a thread pool profile of the settings. */
record PoolNames(KnownSettings settings) implements Rule {
    @Override
    public Stream<Problem> problems(Routes routes) {
        Set<String> pools = settings.pools();
        return routes.fields()
                .filter(field -> field.isNamed("executorService") && field.value() instanceof Yaml.Text)
                .flatMap(field -> routes.filled(field.in(), (Yaml.Text) field.value()))
                .filter(pool -> !pools.contains(pool.text()) && !pool.text().matches("(#|\\{\\{).*"))
                .map(pool -> pool.place()
                        .problem("the thread pool " + pool.text()
                                + " is not under camel.threadpool.config in application.yml"
                                + Nearest.remedy(pool.text(), pools)));
    }
}
