package org.colleaguesearch.ledger;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.colleaguesearch.source.ApiFailures;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.TransactionSystemException;

/** Classifies failures of the database. */
public final class DatabaseFailures {
    /**
     * SQLSTATE classes: connection failure, insufficient resources (full disk, too many connections), operator
     * intervention, system error. 90 is H2's own, for a database that was closed, as after a full disk.
     */
    private static final Set<String> UNAVAILABLE = Set.of("08", "53", "57", "58", "90");

    /** H2's "general error", which it reports for a failed write. */
    private static final int H2_GENERAL = 50_000;

    private static final int H2_OWN_CODES = 90_000;

    /** The SQLSTATE of a PostgreSQL standby that has not been promoted yet. */
    private static final String READ_ONLY = "25006";

    private DatabaseFailures() {}

    /** Whether this instance cannot write now: the database is unavailable, or another instance has the lease. */
    public static boolean isNotWritable(Throwable failure) {
        return isUnavailable(failure)
                || causes(failure)
                        .anyMatch(cause -> cause instanceof LeaseLost || cause instanceof DatabaseUnavailable);
    }

    /** Whether the failure is transient: the database is unavailable, and a retry may succeed. */
    public static boolean isUnavailable(Throwable failure) {
        return causes(failure).anyMatch(DatabaseFailures::isOutage);
    }

    private static boolean isOutage(Throwable failure) {
        if (failure instanceof SQLException sql) {
            String state = sql.getSQLState();
            // The pool throws without SQLSTATE if a connection is closed or none is free.
            return state == null
                    || sql.getErrorCode() == H2_GENERAL
                    || READ_ONLY.equals(state)
                    || (state.length() > 2 && UNAVAILABLE.contains(state.substring(0, 2)));
        }
        return failure instanceof TransientDataAccessException;
    }

    /** Whether H2 has closed the database, permanently for this connection: error codes from 90000, and "general error". */
    static boolean isClosedByH2(SQLException failure) {
        return failure.getErrorCode() == H2_GENERAL || failure.getErrorCode() >= H2_OWN_CODES;
    }

    /** The reason in one line; preferably an error of the operating system, such as "No space left on device". */
    public static String reason(Throwable failure) {
        Throwable root = causes(failure)
                .filter(cause -> cause instanceof IOException && cause.getMessage() != null)
                .findFirst()
                .or(() -> causes(failure).filter(SQLException.class::isInstance).reduce((first, last) -> last))
                .orElse(failure);
        String line = ApiFailures.firstLine(root.getMessage());
        return line.isEmpty() ? root.getClass().getSimpleName() : line;
    }

    private static Stream<Throwable> causes(Throwable failure) {
        // A failed rollback would hide the original failure.
        Throwable first =
                failure instanceof TransactionSystemException rollback && rollback.getApplicationException() != null
                        ? rollback.getApplicationException()
                        : failure;
        // A chain of causes can be circular.
        return Stream.iterate(first, Objects::nonNull, Throwable::getCause).limit(20);
    }
}
