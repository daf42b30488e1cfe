package org.colleaguesearch.cli;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.colleaguesearch.ColleagueSearch;
import org.colleaguesearch.ledger.Database;
import org.colleaguesearch.tooling.check.CheckedStart;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.io.DefaultResourceLoader;

/** How the application is started. */
public enum LaunchMode {
    SERVICE,
    /** One batch: no route starts by itself, and no port for the API is opened. */
    BATCH,
    /** Changes what was written, so it needs all systems, but no route starts by itself, and no port is opened. */
    MAINTENANCE,
    /** Writes nothing and opens no port, so it can run beside a service. */
    DRY_RUN;

    private static final String EXCLUDED = "camel.main.routes-exclude-pattern";
    /** A command does its work itself. */
    private static final String ALONE = "colleagues.cluster.broker-url";

    private static final String MANAGEMENT_PORT = "--management.server.port=";
    /** Backup files of editors. */
    private static final String HIDDEN = "**/.*";

    /**
     * The application, which the caller runs with the same settings.
     *
     * @param settings {@code --key=value}
     */
    public SpringApplication application(List<String> settings) {
        SpringApplication application = new SpringApplication(ColleagueSearch.class) {
            @Override
            protected void configurePropertySources(ConfigurableEnvironment environment, String[] arguments) {
                super.configurePropertySources(environment, arguments);
                environment.getPropertySources().addFirst(new MapPropertySource("command", fixed()));
            }
        };
        application.setWebApplicationType(listens(settings) ? WebApplicationType.SERVLET : WebApplicationType.NONE);
        // A web application's own loader resolves paths against the served content and refuses "..".
        application.setResourceLoader(new DefaultResourceLoader());
        application.setBannerMode(Banner.Mode.OFF);
        application.setLogStartupInfo(false);
        application.setKeepAlive(true);
        application.setDefaultProperties(defaults());
        application.addInitializers(new CheckedStart());
        return application;
    }

    /** A single batch opens the management port only on request: beside a service the port is taken. */
    private boolean listens(List<String> settings) {
        return this == SERVICE
                || (this == BATCH && settings.stream().anyMatch(setting -> setting.startsWith(MANAGEMENT_PORT)));
    }

    /** Settings that take precedence over the user's. */
    private Map<String, Object> fixed() {
        return switch (this) {
            case SERVICE -> Map.of();
            case BATCH -> Map.of("server.port", "-1", ALONE, "");
            // Log lines would break up the report.
            case MAINTENANCE -> Map.of("server.port", "-1", ALONE, "", "logging.level.root", "warn");
            case DRY_RUN ->
                Map.of(
                        "colleagues.deliver-to",
                        "csv",
                        "colleagues.database.url",
                        Database.inMemory("dry-run"),
                        "colleagues.files.bucket",
                        "",
                        "colleagues.demo.port",
                        "0",
                        ALONE,
                        "",
                        "server.port",
                        "-1",
                        // Log lines would break up the report.
                        "logging.level.root",
                        "warn");
        };
    }

    private Map<String, Object> defaults() {
        Map<String, Object> defaults = new HashMap<>();
        // StartProblems prints one line instead of Camel's stack trace.
        defaults.put("logging.level.org.apache.camel.impl.engine.AbstractCamelContext", "off");
        defaults.put(EXCLUDED, HIDDEN);
        if (this != SERVICE) {
            defaults.put(
                    "camel.main.auto-startup-exclude-pattern",
                    "schedule,run-at-start,recover,continue-exports,extract-queries,write-vectors");
            defaults.put(EXCLUDED, HIDDEN + ",**/rest.camel.yaml");
            defaults.put("colleagues.routes.live", false);
            // Camel reports routes that are not started as DOWN.
            defaults.put("camel.health.exclude-pattern", "route:*,consumer:*");
        }
        return defaults;
    }
}
