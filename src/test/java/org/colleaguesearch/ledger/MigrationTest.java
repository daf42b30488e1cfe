package org.colleaguesearch.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** H2 commits each table as it is made, so a start that is killed may leave the first tables, and no word of them. */
class MigrationTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void migrationThatWasCutOffIsDoneAgain(int tables) throws IOException {
        DriverManagerDataSource source = new DriverManagerDataSource(
                "jdbc:h2:mem:cut-off-" + tables + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DB_CLOSE_DELAY=-1");
        JdbcClient sql = JdbcClient.create(source);
        Flyway flyway = Flyway.configure().dataSource(source).load();
        flyway.migrate();
        sql.sql("drop table failed_url, chunk, run, person, batch cascade").update();
        sql.sql("delete from flyway_schema_history").update();
        List<String> statements = List.of(new ClassPathResource("db/migration/V1__ledger.sql")
                .getContentAsString(StandardCharsets.UTF_8)
                .split(";\\s*\\n"));
        assertThat(statements).hasSize(5);
        statements.stream()
                .limit(tables)
                .forEach(statement -> sql.sql(statement).update());

        assertThat(flyway.migrate().migrationsExecuted).isPositive();
        assertThat(sql.sql("select count(*) from failed_url")
                        .query(Integer.class)
                        .single())
                .isZero();
    }
}
