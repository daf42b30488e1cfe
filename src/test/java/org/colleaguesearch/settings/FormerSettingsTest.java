package org.colleaguesearch.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.env.OriginTrackedMapPropertySource;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

class FormerSettingsTest {
    private final StandardEnvironment environment = new StandardEnvironment();

    @Test
    void renamesWhereverASettingIsGiven() {
        environment
                .getPropertySources()
                .addFirst(new SimpleCommandLinePropertySource("--colleagues.api.patience=5s", "--debug"));
        environment
                .getPropertySources()
                .addLast(new SystemEnvironmentPropertySource(
                        "variables",
                        Map.of(
                                "COLLEAGUES_API_RETRY_ATTEMPTS", "7",
                                "COLLEAGUES_API_PEOPLE_PATH", "/p",
                                "COLLEAGUES_API_CONNECT_TIMEOUT", "9s",
                                "COLLEAGUES_API_TOKEN", "mine")));
        environment
                .getPropertySources()
                .addLast(new OriginTrackedMapPropertySource(
                        "application.yml",
                        Map.of("colleagues.api.baseUrl", "https://x", "colleagues.csv.folder", "y")));

        List<String> lines = FormerSettings.rename(environment);

        assertThat(lines).hasSize(3);
        assertThat(lines.get(0)).contains("colleagues.api.patience", "colleagues.apis.default.patience");
        assertThat(lines.get(1))
                .containsPattern("COLLEAGUES_(APIS_DEFAULT_(RETRY_ATTEMPTS|CONNECT_TIMEOUT)|PEOPLE_PATH)");
        assertThat(lines.get(2)).contains("colleagues.apis.default.baseUrl");
        assertThat(value("colleagues.apis.default.patience")).isEqualTo("5s");
        assertThat(value("colleagues.apis.default.retry.attempts")).isEqualTo("7");
        assertThat(value("colleagues.people.path")).isEqualTo("/p");
        assertThat(value("colleagues.apis.default.connect-timeout")).isEqualTo("9s");
        assertThat(value("colleagues.apis.default.base-url")).isEqualTo("https://x");
        assertThat(value("colleagues.csv.folder")).isEqualTo("y");
        assertThat(environment.getProperty("debug")).isEmpty();
        assertThat(environment.getProperty("COLLEAGUES_API_TOKEN")).isEqualTo("mine");
        assertThat(environment.getProperty("COLLEAGUES_API_RETRY_ATTEMPTS")).isEqualTo("7");
    }

    @Test
    void newNameWinsOverTheFormerOneInTheSamePlace() {
        environment
                .getPropertySources()
                .addFirst(new SimpleCommandLinePropertySource(
                        "--colleagues.api.patience=5s", "--colleagues.apis.default.patience=6s"));

        assertThat(FormerSettings.rename(environment)).isEmpty();
        assertThat(value("colleagues.apis.default.patience")).isEqualTo("6s");
    }

    @Test
    void leavesOtherSettingsAsTheyAre() {
        Object before = environment.getPropertySources().stream().toList();

        assertThat(FormerSettings.rename(environment)).isEmpty();

        assertThat(environment.getPropertySources().stream().toList()).isEqualTo(before);
    }

    private String value(String name) {
        return Binder.get(environment).bind(name, String.class).get();
    }
}
