package org.colleaguesearch.tooling.check;

import org.colleaguesearch.settings.WrongSettings;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/** Keeps the application from a start with wrong settings, broken routes or both, before anything of it has begun. */
public final class CheckedStart implements ApplicationContextInitializer<ConfigurableApplicationContext> {
    private final CheckedSettings settings = new CheckedSettings();
    private final CheckedRoutes routes;

    public CheckedStart() {
        this(new CheckedRoutes(true));
    }

    private CheckedStart(CheckedRoutes routes) {
        this.routes = routes;
    }

    /** Of tests of routes, which need no indexer. */
    public static CheckedStart ofTests() {
        return new CheckedStart(new CheckedRoutes(false));
    }

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        try {
            settings.initialize(context);
        } catch (WrongSettings wrong) {
            try {
                routes.initialize(context);
            } catch (BrokenRoutes broken) {
                wrong.addSuppressed(broken);
            }
            throw wrong;
        }
        routes.initialize(context);
    }
}
