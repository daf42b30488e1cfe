package org.colleaguesearch.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** H2 commits each table when it is created, so a killed start may leave some tables that Flyway has not recorded. */
class MigrationTest {
    private static final List<String> STATEMENTS = Stream.of(
                    "V1__ledger",
                    "V2__exports",
                    "V3__api_key",
                    "V4__lease",
                    "V5__counted_run",
                    "V6__person_fields",
                    "V7__feed",
                    "V8__section",
                    "V9__feed_slices",
                    "V10__cluster")
            .flatMap(MigrationTest::statements)
            .toList();

    @ParameterizedTest
    @MethodSource("counts")
    void interruptedMigrationIsRepeated(int statements) {
        DriverManagerDataSource source = new DriverManagerDataSource(
                "jdbc:h2:mem:cut-off-" + statements + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DB_CLOSE_DELAY=-1");
        JdbcClient sql = JdbcClient.create(source);
        Flyway flyway = Flyway.configure().dataSource(source).load();
        flyway.migrate();
        sql.sql(
                        "drop table held_section, held_person, section_item, section_content, section, feed_slice, feed, lease, api_key, export, failed_url, chunk, run, person, batch cascade")
                .update();
        sql.sql("delete from flyway_schema_history").update();
        STATEMENTS.stream()
                .limit(statements)
                .forEach(statement -> sql.sql(statement).update());

        assertThat(flyway.migrate().migrationsExecuted).isEqualTo(11);
        assertThat(sql.sql("select count(*) from export join batch on id = batch_id where kind = 'export'")
                        .query(Integer.class)
                        .single())
                .isZero();
        assertThat(sql.sql("select count(*) from failed_url")
                        .query(Integer.class)
                        .single())
                .isZero();
        assertThat(sql.sql("select epoch from lease where name = 'ledger'")
                        .query(Long.class)
                        .list())
                .containsExactly(0L);
    }

    /** Of statements before the kill: from none to all. */
    static IntStream counts() {
        return IntStream.rangeClosed(0, STATEMENTS.size());
    }

    private static Stream<String> statements(String migration) {
        try {
            return Stream.of(new ClassPathResource("db/migration/" + migration + ".sql")
                    .getContentAsString(StandardCharsets.UTF_8)
                    .split(";\\s*\\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
