package org.colleaguesearch.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.io.IOException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;

class DatabaseFailuresTest {
    @ParameterizedTest
    @CsvSource({
        // PostgreSQL: no connection, disk full, too many connections, terminated by an administrator, I/O error.
        "08006, 0, true",
        "53100, 0, true",
        "53300, 0, true",
        "57P01, 0, true",
        "58030, 0, true",
        // H2: closed, a file that cannot be written, one that cannot be read, a write that failed.
        "90098, 90098, true",
        "90028, 90028, true",
        "90030, 90030, true",
        "HY000, 50000, true",
        // The pool: a closed connection.
        ", 0, true",
        // Invalid statements and values are permanent failures.
        "23505, 23505, false",
        "42P01, 0, false",
        "22001, 22001, false"
    })
    void distinguishesTransientFromPermanentFailures(String state, int code, boolean isUnavailable) {
        SQLException failure = new SQLException("x", state, code);

        assertThat(DatabaseFailures.isUnavailable(new CannotCreateTransactionException("cannot", failure)))
                .isEqualTo(isUnavailable);
    }

    /** PostgreSQL's connections stay open: closing them would hide why the statement failed. */
    @ParameterizedTest
    @CsvSource({"90098, true", "90028, true", "90030, true", "50000, true", "50200, false", "23505, false", "0, false"})
    void evictsConnectionsAfterH2HasClosedTheDatabase(int code, boolean isEvicted) {
        assertThat(new Database.Eviction().adjudicate(new SQLException("x", "53100", code))
                        == SQLExceptionOverride.Override.MUST_EVICT)
                .isEqualTo(isEvicted);
    }

    @Test
    void reportsTheOriginalFailureWhenTheRollbackAlsoFails() {
        TransactionSystemException both = new TransactionSystemException("rollback", new SQLException("is closed"));
        both.initApplicationException(new SQLException("No space left on device", "53100"));

        assertThat(DatabaseFailures.reason(both)).isEqualTo("No space left on device");
        assertThat(DatabaseFailures.isUnavailable(both)).isTrue();
    }

    @Test
    void otherFailuresAreNoOutage() {
        assertThat(DatabaseFailures.isUnavailable(new IllegalStateException("a bug")))
                .isFalse();
        assertThat(DatabaseFailures.isUnavailable(new DuplicateKeyException("twice")))
                .isFalse();
    }

    @Test
    void reportsTheReasonOfTheOperatingSystemInOneLine() {
        Exception failure = new CannotCreateTransactionException(
                "cannot",
                new SQLException("General error\nmore", "HY000", 50_000, new IOException("No space left on device")));

        assertThat(DatabaseFailures.reason(failure)).isEqualTo("No space left on device");
        assertThat(DatabaseFailures.reason(new SQLException("first\nsecond", "08006")))
                .isEqualTo("first");
    }
}
