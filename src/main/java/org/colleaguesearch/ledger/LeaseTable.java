package org.colleaguesearch.ledger;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Properties;
import org.springframework.jdbc.support.JdbcUtils;

/**
 * The table {@code lease}, with its one row. It has a connection of its own beside the pool, which never waits for a place
 * and shows an outage at once. For the one thread of the lease; {@link #isCurrent} is for any.
 */
final class LeaseTable {
    private static final String EXPIRES = "current_timestamp + interval '" + Lease.LIFETIME.toSeconds() + "' second";

    private static final String OF_EPOCH = " where name = 'ledger' and epoch = ?";

    /**
     * Bytes that must be free beside a file of H2's, or nothing is written. H2 closes a database whose file cannot grow,
     * and may fail to open it again when several connections try. Far more than the commits of a few seconds take.
     */
    private static final long ROOM = 32L << 20;

    /** PostgreSQL's SQLSTATE for it. */
    private static final String DISK_FULL = "53100";

    private final String url;
    private final Properties properties;
    /** That of H2; null for another database. */
    private final Path file;

    private final Runnable closePool;

    private Connection connection;

    LeaseTable(String url, Properties properties, Path file, Runnable closePool) {
        this.url = url;
        this.properties = properties;
        this.file = file;
        this.closePool = closePool;
    }

    /**
     * The row.
     *
     * @param holder the instance that took the lease last
     * @param expires by the clock of the database
     */
    record Row(long epoch, String holder, Instant expires) {}

    Row read() throws SQLException {
        try (PreparedStatement query = connection()
                        .prepareStatement("select epoch, holder, expires from lease where name = 'ledger'");
                ResultSet row = query.executeQuery()) {
            if (!row.next()) {
                throw new SQLException("the table lease has no row: was the database emptied?");
            }
            return new Row(
                    row.getLong("epoch"),
                    row.getString("holder"),
                    row.getObject("expires", OffsetDateTime.class).toInstant());
        }
    }

    /** Renews the lease of an epoch, also one that has expired, if the epoch is the current one. */
    boolean renew(long epoch) throws SQLException {
        return update("update lease set expires = " + EXPIRES + OF_EPOCH, epoch);
    }

    /**
     * Makes an instance the holder of the next epoch, if the row is as it was seen and has expired. In a file of H2's it
     * need not have expired: the process that has the file open has locked it, and whoever had the lease before is gone.
     */
    boolean take(Row seen, String holder) throws SQLException {
        return update(
                "update lease set epoch = epoch + 1, holder = ?, expires = " + EXPIRES + OF_EPOCH
                        + (isPostgresql() ? " and expires <= current_timestamp" : ""),
                holder,
                seen.epoch());
    }

    /** Lets the lease of an epoch expire now. */
    void release(long epoch) throws SQLException {
        boolean unused = update("update lease set expires = current_timestamp" + OF_EPOCH, epoch);
    }

    /**
     * Whether an epoch is the current one, in a transaction. In PostgreSQL the row is locked as a foreign key would lock
     * it: a change of epoch waits for the end of the transaction, and a renewal does not. A process that is suspended in
     * its midst loses the transaction before it holds up others for long.
     */
    boolean isCurrent(long epoch, Connection transaction) throws SQLException {
        checkRoom();
        String query = isPostgresql()
                ? "select set_config('idle_in_transaction_session_timeout', '" + Lease.LIFETIME.toMillis()
                        + "', true) from lease where name = 'ledger' and epoch = " + epoch + " for key share"
                : "select epoch from lease where name = 'ledger' and epoch = " + epoch;
        try (Statement statement = transaction.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return row.next();
        }
    }

    private void checkRoom() throws SQLException {
        long free =
                file == null ? ROOM : file.toAbsolutePath().getParent().toFile().getUsableSpace();
        if (free < ROOM) {
            throw new SQLException(
                    "no space left on the disk of %s: %d MB are free, and %d MB are needed"
                            .formatted(file, free >> 20, ROOM >> 20),
                    DISK_FULL);
        }
    }

    private boolean update(String sql, Object... parameters) throws SQLException {
        checkRoom();
        try (PreparedStatement update = connection().prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                update.setObject(i + 1, parameters[i]);
            }
            return update.executeUpdate() > 0;
        }
    }

    private Connection connection() throws SQLException {
        if (connection == null) {
            connection = DriverManager.getConnection(url, properties);
        }
        return connection;
    }

    /**
     * Gives up a connection that has failed; the next access makes another. With a file of H2's, those of the pool go, too:
     * it is opened anew only when all are closed, and idle ones would not show that they fail.
     */
    void close() {
        disconnect();
        if (file != null) {
            closePool.run();
        }
    }

    /** Closes its own connection alone. */
    void disconnect() {
        JdbcUtils.closeConnection(connection);
        connection = null;
    }

    private boolean isPostgresql() {
        return url.startsWith("jdbc:postgresql:");
    }
}
