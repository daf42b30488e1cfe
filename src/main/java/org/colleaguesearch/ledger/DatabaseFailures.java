package org.colleaguesearch.ledger;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.colleaguesearch.source.ApiFailures;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.TransactionSystemException;

/** What the failures of a database say. */
public final class DatabaseFailures {
    /**
     * Classes of SQLSTATE: no connection, out of resources (a full disk, too many connections), stopped by the operator,
     * an error of the system. H2 has numbers of its own for a database that was closed: as after a full disk.
     */
    private static final Set<String> UNAVAILABLE = Set.of("08", "53", "57", "58", "90");

    /** H2's "general error", which is what it makes of a write that fails. */
    private static final int H2_GENERAL = 50_000;

    private static final int H2_OWN = 90_000;

    /** What PostgreSQL says of a standby that has not been promoted yet. */
    private static final String READ_ONLY = "25006";

    private DatabaseFailures() {}

    /** Whether the database takes no writes of this instance for now: it is unavailable, or another one has the lease. */
    public static boolean isNotWritable(Throwable failure) {
        return isUnavailable(failure)
                || causes(failure)
                        .anyMatch(cause -> cause instanceof LeaseLost || cause instanceof DatabaseUnavailable);
    }

    /** Whether the database is unavailable for now, so that the same may succeed later. */
    public static boolean isUnavailable(Throwable failure) {
        return causes(failure).anyMatch(DatabaseFailures::saysUnavailable);
    }

    private static boolean saysUnavailable(Throwable failure) {
        if (failure instanceof SQLException sql) {
            String state = sql.getSQLState();
            // Without one, the pool says that a connection is closed, or that there is none.
            return state == null
                    || sql.getErrorCode() == H2_GENERAL
                    || READ_ONLY.equals(state)
                    || (state.length() > 2 && UNAVAILABLE.contains(state.substring(0, 2)));
        }
        return failure instanceof TransientDataAccessException;
    }

    /** Whether H2 has closed the database, for good on this connection: its numbers from 90000 on, and "general error". */
    static boolean isClosedByH2(SQLException failure) {
        return failure.getErrorCode() == H2_GENERAL || failure.getErrorCode() >= H2_OWN;
    }

    /** Why, in one line: an error of the operating system says most, as "No space left on device". */
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
        // A rollback that fails as well would hide what failed first.
        Throwable first = failure instanceof TransactionSystemException both && both.getApplicationException() != null
                ? both.getApplicationException()
                : failure;
        // A chain of causes can be a circle.
        return Stream.iterate(first, Objects::nonNull, Throwable::getCause).limit(20);
    }
}
