package org.colleaguesearch.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.colleaguesearch.settings.Settings.Scope;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

@ExtendWith(OutputCaptureExtension.class)
class FirstKeyTest {
    private JdbcClient sql;

    @BeforeEach
    void database() {
        DriverManagerDataSource source = new DriverManagerDataSource("jdbc:h2:mem:first-key-" + System.nanoTime()
                + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DB_CLOSE_DELAY=-1");
        Flyway.configure().dataSource(source).load().migrate();
        sql = JdbcClient.create(source);
    }

    @Test
    void isShownOnceAndKeptAsAHash(CapturedOutput output) {
        ApiKey first = new FirstKey(sql).key();
        String shown = shown(output);
        int before = output.getAll().length();
        ApiKey second = new FirstKey(sql).key();

        assertThat(first.scopes()).containsExactlyInAnyOrder(Scope.values());
        String secret = shown.substring("first.".length());
        assertThat(first.hash().matches(secret)).isTrue();
        assertThat(second.hash().matches(secret)).isTrue();
        assertThat(output.getAll().substring(before))
                .contains("the API key that was shown on ")
                .doesNotContain(secret);
        List<String> kept =
                sql.sql("select hash from api_key").query(String.class).list();
        assertThat(kept).singleElement().asString().startsWith("sha256:").doesNotContain(secret);
    }

    private static String shown(CapturedOutput output) {
        Matcher key = Pattern.compile("X-API-Key: (first\\.[\\w-]{43})\n").matcher(output.getOut());
        assertThat(key.find()).isTrue();
        return key.group(1);
    }
}
