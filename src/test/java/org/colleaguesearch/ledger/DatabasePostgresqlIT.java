package org.colleaguesearch.ledger;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.zaxxer.hikari.HikariDataSource;
import org.colleaguesearch.failure.StartFailure;
import org.junit.jupiter.api.Test;

class DatabasePostgresqlIT {
    @Test
    void reportsAMissingDatabase() {
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
