package org.colleaguesearch;

import java.nio.file.Path;
import org.colleaguesearch.check.BrokenRoutes;
import org.colleaguesearch.check.RouteCheck;
import org.colleaguesearch.check.Verdict;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/** Keeps the application from a start with broken routes, before anything of it has begun. */
final class CheckedRoutes implements ApplicationContextInitializer<ConfigurableApplicationContext> {
    private static final Path HERE = Path.of("");

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        RouteCheck check = RouteCheck.of(context.getEnvironment());
        Verdict verdict = new Verdict(check.check(HERE), check.files(HERE).size());
        if (!verdict.problems().isEmpty()) {
            throw new BrokenRoutes(verdict);
        }
    }
}
