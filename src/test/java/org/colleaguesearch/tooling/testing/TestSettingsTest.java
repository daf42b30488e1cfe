package org.colleaguesearch.tooling.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.colleaguesearch.settings.Settings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.boot.env.OriginTrackedMapPropertySource;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** Tests of routes have the shipped settings, whatever a user's are. */
class TestSettingsTest {
    private final StandardEnvironment environment = new StandardEnvironment();

    @BeforeEach
    void attach() {
        environment.setConversionService(new ApplicationConversionService());
        ConfigurationPropertySources.attach(environment);
        environment.getPropertySources().addFirst(new SimpleCommandLinePropertySource("--colleagues.csv.delimiter=;"));
    }

    @Test
    void replaceThoseOfFilesAndOfTheEnvironment() {
        file(Map.of(
                "colleagues.people.items", ".data",
                "colleagues.people.path", "/staff",
                "colleagues.indexing.chunk-attempts", 1,
                "colleagues.apis.default.auth.oauth2.token-url", "https://login.example.org",
                "colleagues.apis.default.response-timeout", "1ms",
                "colleagues.deliver-to[0]", "csv",
                "colleagues.web.keys[0].name", "ada"));
        environment("COLLEAGUES_PEOPLE_NEXT", ".more", "COLLEAGUES_SEARCH_CONNECTIONS", "1", "BATCH_SIZE", "7");

        TestSettings.replaceOthers(environment);

        Settings settings =
                Binder.get(environment).bind("colleagues", Settings.class).get();
        assertThat(settings.people().items()).hasToString(".items");
        assertThat(settings.people().next()).hasToString(".next");
        assertThat(environment.getProperty("colleagues.people.path")).startsWith("/people?");
        assertThat(settings.indexing().batchSize()).isEqualTo(100);
        assertThat(settings.indexing().chunkAttempts()).isEqualTo(5);
        assertThat(settings.search().connections()).isEqualTo(50);
        assertThat(settings.apis().get("default").auth().oauth2().tokenUrl()).isNull();
        assertThat(settings.apis().get("default").responseTimeout()).hasSeconds(30);
        assertThat(settings.apis().get("default").retry().firstDelay()).hasMillis(1);
        assertThat(settings.deliverTo()).hasSize(2);
        assertThat(settings.web().keys()).isEmpty();
        assertThat(settings.csv().delimiter()).as("command line").isEqualTo(";");
    }

    @Test
    void keepThoseThatOwnRoutesNeed() {
        file(Map.of(
                "colleagues.apis.works.base-url", "https://works.example.org",
                "colleagues.apis.works.patience", "10m",
                "colleagues.people.fields.orcid", ".ids.orcid",
                "colleagues.routes.folders[0]", "team/routes",
                "own.limit", 3));
        environment("COLLEAGUES_APIS_DEFAULTS_BASE_URL", "https://defaults.example.org", "OWN_NAME", "ada");

        TestSettings.replaceOthers(environment);

        Settings settings =
                Binder.get(environment).bind("colleagues", Settings.class).get();
        assertThat(settings.apis()).containsOnlyKeys("default", "defaults", "works");
        assertThat(settings.apis().get("works").baseUrl()).hasHost("works.example.org");
        assertThat(settings.apis().get("works").patience()).hasMillis(500);
        assertThat(settings.people().fields().get("orcid")).hasToString(".orcid");
        assertThat(settings.routes().folders()).hasToString("[team/routes]");
        assertThat(environment.getProperty("own.limit")).isEqualTo("3");
        assertThat(environment.getProperty("own.name")).isEqualTo("ada");
    }

    @Test
    void haveTheApisOfTheDemoWithoutOthers() {
        TestSettings.replaceOthers(environment);

        Settings settings =
                Binder.get(environment).bind("colleagues", Settings.class).get();
        assertThat(settings.apis()).containsOnlyKeys("default", "directory", "graph", "learning", "works");
        assertThat(settings.apis().get("works").baseUrl()).hasHost("works.example.org");
        assertThat(settings.people().fields()).isEmpty();
    }

    private void file(Map<String, Object> settings) {
        environment
                .getPropertySources()
                .addLast(new OriginTrackedMapPropertySource("site/application.yml", new LinkedHashMap<>(settings)));
    }

    private void environment(String... variables) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (int i = 0; i < variables.length; i += 2) {
            values.put(variables[i], variables[i + 1]);
        }
        environment
                .getPropertySources()
                .replace("systemEnvironment", new SystemEnvironmentPropertySource("systemEnvironment", values));
    }
}
