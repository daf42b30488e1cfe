package org.colleaguesearch.tooling.check;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.colleaguesearch.settings.Problem;
import org.colleaguesearch.settings.WrongSettings;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/** Stops a start with invalid settings or broken routes before anything else starts. */
public final class CheckedStart implements ApplicationContextInitializer<ConfigurableApplicationContext> {
    private static final Path HERE = Path.of("");

    private final CheckedSettings settings = new CheckedSettings();
    private final boolean needsIndexers;

    public CheckedStart() {
        this(true);
    }

    private CheckedStart(boolean needsIndexers) {
        this.needsIndexers = needsIndexers;
    }

    /** For tests of routes, which need no indexer. */
    public static CheckedStart ofTests() {
        return new CheckedStart(false);
    }

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        try {
            settings.initialize(context);
        } catch (WrongSettings wrong) {
            broken(context).ifPresent(wrong::addSuppressed);
            throw wrong;
        }
        broken(context).ifPresent(broken -> {
            throw broken;
        });
    }

    private Optional<InvalidRoutes> broken(ConfigurableApplicationContext context) {
        RouteCheck check = RouteCheck.of(context.getEnvironment());
        List<Problem> problems = check.check(HERE).stream()
                .filter(problem -> needsIndexers || !RouteCheck.isOfNoIndexer(problem))
                .toList();
        return problems.isEmpty()
                ? Optional.empty()
                : Optional.of(new InvalidRoutes(
                        new CheckResult(problems, check.files(HERE).size())));
    }
}
