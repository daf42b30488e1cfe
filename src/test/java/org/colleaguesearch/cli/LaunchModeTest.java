package org.colleaguesearch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.env.Environment;

class LaunchModeTest {
    @Test
    void batchOpensNoApiPortAndStartsNoTriggerWhateverTheSettings() {
        Environment batch = environment(LaunchMode.BATCH, "--server.port=9000", "--serverPort=9001", "--a=b");

        assertThat(batch.getProperty("server.port")).isEqualTo("-1");
        assertThat(batch.getProperty("a")).isEqualTo("b");
        assertThat(batch.getProperty("camel.main.auto-startup-exclude-pattern")).startsWith("schedule,");
        Environment service = environment(LaunchMode.SERVICE, "--server.port=9000");
        assertThat(service.getProperty("server.port")).isEqualTo("9000");
        assertThat(service.getProperty("camel.main.auto-startup-exclude-pattern"))
                .isNull();
    }

    @Test
    void dryRunWritesNothingWhateverTheSettings() {
        Environment dryRun = environment(
                LaunchMode.DRY_RUN,
                "--colleagues.deliverTo=opensearch",
                "--COLLEAGUES.DATABASE.URL=jdbc:postgresql:x",
                "--management.server.port=0");

        assertThat(dryRun.getProperty("colleagues.deliver-to")).isEqualTo("csv");
        assertThat(dryRun.getProperty("colleagues.database.url")).startsWith("jdbc:h2:mem:");
        assertThat(type(LaunchMode.DRY_RUN, "--management.server.port=0")).isEqualTo(WebApplicationType.NONE);
    }

    @Test
    void listensAsServiceAndForABatchOnlyWhenTheCommandLineSetsAPort() {
        assertThat(type(LaunchMode.SERVICE)).isEqualTo(WebApplicationType.SERVLET);
        assertThat(type(LaunchMode.BATCH)).isEqualTo(WebApplicationType.NONE);
        assertThat(type(LaunchMode.BATCH, "--management.server.port=0")).isEqualTo(WebApplicationType.SERVLET);
    }

    private static WebApplicationType type(LaunchMode mode, String... settings) {
        return mode.application(List.of(settings)).getWebApplicationType();
    }

    /** The environment as beans see it. */
    private static Environment environment(LaunchMode mode, String... settings) {
        SpringApplication application = mode.application(List.of(settings));
        Environment[] seen = new Environment[1];
        application.setListeners(List.of());
        application.addListeners((ApplicationListener<ApplicationEnvironmentPreparedEvent>) event -> {
            seen[0] = event.getEnvironment();
        });
        application.setInitializers(List.of());
        application.addInitializers(context -> {
            throw new Prepared();
        });
        try {
            application.run(settings);
        } catch (RuntimeException e) {
            assertThat(e).isInstanceOf(Prepared.class);
        }
        return seen[0];
    }

    /** Aborts the start. */
    private static final class Prepared extends RuntimeException {}
}
