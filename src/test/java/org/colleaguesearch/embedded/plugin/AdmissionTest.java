package org.colleaguesearch.embedded.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.colleaguesearch.embedded.plugin.Admission.Verdict;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdmissionTest {
    private static final String LOGIN = "ada:secret:with:colons";

    @TempDir
    Path configuration;

    private final Map<String, List<String>> headers = new HashMap<>();
    private Admission admission;

    @BeforeEach
    void read() throws IOException {
        Files.writeString(configuration.resolve(Admission.FILE), Admission.of(LOGIN));
        admission = Admission.read(configuration);
        headers.put("Host", List.of("127.0.0.1:9200"));
        headers.put("Authorization", List.of(basic(LOGIN)));
    }

    @Test
    void admitsTheLoginAndStoresNoPassword() {
        assertThat(admission.of(headers::get)).isEqualTo(Verdict.ADMITTED);
        assertThat(configuration.resolve(Admission.FILE)).content().doesNotContain("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost", "LOCALHOST:1", "[::1]:9200", "[::1]"})
    void admitsNamesOfThisMachine(String host) {
        headers.put("Host", List.of(host));

        assertThat(admission.of(headers::get)).isEqualTo(Verdict.ADMITTED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "example.org",
                "127.0.0.1.example.org",
                "localhost.example.org:9200",
                "example.org:127.0.0.1",
                "127.0.0.1@example.org",
                "127.0.0.1:9200 example.org",
                "192.168.0.1",
                "0.0.0.0",
                ""
            })
    void refusesOtherHosts(String host) {
        headers.put("Host", List.of(host));

        assertThat(admission.of(headers::get)).isEqualTo(Verdict.FOREIGN_HOST);
    }

    @Test
    void refusesMissingAndRepeatedHost() {
        headers.put("Host", List.of("127.0.0.1", "example.org"));
        assertThat(admission.of(headers::get)).isEqualTo(Verdict.FOREIGN_HOST);

        headers.remove("Host");
        assertThat(admission.of(headers::get)).isEqualTo(Verdict.FOREIGN_HOST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://example.org", "null", "http://127.0.0.1:8080", ""})
    void refusesWebPagesEvenWithTheLogin(String origin) {
        headers.put("Origin", List.of(origin));

        assertThat(admission.of(headers::get)).isEqualTo(Verdict.FROM_WEB_PAGE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":", "ada", "ada:", "ada:secret", "ada:secret:with:colons ", "ADA:secret:with:colons"})
    void refusesOtherLogins(String login) {
        headers.put("Authorization", List.of(basic(login)));

        assertThat(admission.of(headers::get)).isEqualTo(Verdict.NO_LOGIN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Basic", "Basic ", "Basic =", "Basic ====", "Basic x", "Bearer secret", "\u0000"})
    void refusesMalformedLogins(String header) {
        headers.put("Authorization", List.of(header));

        assertThat(admission.of(headers::get)).isEqualTo(Verdict.NO_LOGIN);
    }

    @Test
    void refusesMissingAndRepeatedLogin() {
        headers.put("Authorization", List.of(basic(LOGIN), basic("eve:x")));
        assertThat(admission.of(headers::get)).isEqualTo(Verdict.NO_LOGIN);

        headers.put("Authorization", List.of());
        assertThat(admission.of(headers::get)).isEqualTo(Verdict.NO_LOGIN);

        headers.remove("Authorization");
        assertThat(admission.of(headers::get)).isEqualTo(Verdict.NO_LOGIN);
    }

    private static String basic(String login) {
        return "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
    }
}
