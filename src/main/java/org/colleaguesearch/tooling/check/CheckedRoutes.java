package org.colleaguesearch.tooling.check;

import java.nio.file.Path;
import java.util.List;
import org.colleaguesearch.settings.Problem;
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
        CheckResult result = new CheckResult(problems, check.files(HERE).size());
        if (!result.problems().isEmpty()) {
            throw new BrokenRoutes(result);
        }
    }
}
