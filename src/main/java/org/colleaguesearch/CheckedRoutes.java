package org.colleaguesearch;

import java.nio.file.Path;
import java.util.List;
import org.colleaguesearch.check.BrokenRoutes;
import org.colleaguesearch.check.RouteCheck;
import org.colleaguesearch.check.Verdict;
import org.colleaguesearch.yaml.Problem;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/** Keeps the application from a start with broken routes, before anything of it has begun. */
final class CheckedRoutes implements ApplicationContextInitializer<ConfigurableApplicationContext> {
    private static final Path HERE = Path.of("");

    private final boolean needsIndexers;

    CheckedRoutes(boolean needsIndexers) {
        this.needsIndexers = needsIndexers;
    }

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        RouteCheck check = RouteCheck.of(context.getEnvironment());
        List<Problem> problems = check.check(HERE).stream()
                .filter(problem -> needsIndexers || !RouteCheck.isOfNoIndexer(problem))
                .toList();
        Verdict verdict = new Verdict(problems, check.files(HERE).size());
        if (!verdict.problems().isEmpty()) {
            throw new BrokenRoutes(verdict);
        }
    }
}
