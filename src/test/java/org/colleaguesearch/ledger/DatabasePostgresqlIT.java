package org.colleaguesearch.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.zaxxer.hikari.HikariDataSource;
import org.colleaguesearch.settings.StartFailure;
import org.junit.jupiter.api.Test;

class DatabasePostgresqlIT {
    @Test
    void letsOneInstanceAtATimeWorkWithADatabase() {
        String url = TestLedger.newPostgresqlDatabase("one_at_a_time");
        try (HikariDataSource first = open(url)) {
            assertThat(first.isRunning()).isTrue();
            assertThatExceptionOfType(StartFailure.class)
                    .isThrownBy(() -> open(url))
                    .withMessage("another Colleague Search works with the database of colleagues.database.url:"
                            + " stop it, or give this one a database of its own");
            try (HikariDataSource other = open(TestLedger.newPostgresqlDatabase("another"))) {
                assertThat(other.isRunning()).isTrue();
            }
        }
        try (HikariDataSource next = open(url)) {
            assertThat(next.isRunning()).isTrue();
        }
    }

    @Test
    void refusesDatabaseThatIsNotThere() {
        String url = TestLedger.newPostgresqlDatabase("is_there");

        assertThatExceptionOfType(StartFailure.class)
                .isThrownBy(() -> open(url.replace("is_there", "is_not")))
                .withMessageContaining("\"is_not\" does not exist")
                .withMessageEndingWith("check colleagues.database.url, username and password");
    }

    private static HikariDataSource open(String url) {
        return DatabaseTest.open("colleagues.database.url=" + url, "colleagues.database.username=postgres");
    }
}
