package org.colleaguesearch.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
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
                    "V9__feed_slices")
            .flatMap(MigrationTest::statements)
            .toList();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19})
    void interruptedMigrationIsRepeated(int statements) {
        DriverManagerDataSource source = new DriverManagerDataSource(
                "jdbc:h2:mem:cut-off-" + statements + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DB_CLOSE_DELAY=-1");
        JdbcClient sql = JdbcClient.create(source);
        Flyway flyway = Flyway.configure().dataSource(source).load();
        flyway.migrate();
        sql.sql("drop table feed_slice, feed, lease, api_key, export, failed_url, chunk, run, person, batch cascade")
                .update();
        sql.sql("delete from flyway_schema_history").update();
        STATEMENTS.stream()
                .limit(statements)
                .forEach(statement -> sql.sql(statement).update());

        assertThat(flyway.migrate().migrationsExecuted).isEqualTo(8);
        assertThat(STATEMENTS).hasSize(19);
        assertThat(sql.sql("select count(*) from export join batch on id = batch_id where kind = 'export'")
                        .query(Integer.class)
                        .single())
                .isZero();
        assertThat(sql.sql("select count(*) from failed_url")
                        .query(Integer.class)
                        .single())
                .isZero();
        assertThat(sql.sql("select epoch from lease").query(Long.class).list()).containsExactly(0L);
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
