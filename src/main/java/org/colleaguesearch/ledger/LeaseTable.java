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
 * A row of the table {@code lease}. Uses its own connection, so that it does not wait for the pool and notices
 * an outage immediately. Confined to the lease thread, except {@link #isCurrent}.
 */
final class LeaseTable {
    private static final String EXPIRES = "current_timestamp + interval '" + Lease.LIFETIME.toSeconds() + "' second";

    private static final String LEDGER = "ledger";

    private static final String OF_EPOCH = " where name = ? and epoch = ?";

    /**
     * Minimum free bytes on the disk of an H2 file; below that, all writes are refused. H2 closes a database whose file
     * cannot grow, and may fail to reopen it when several connections try. A few seconds of commits need far less.
     */
    private static final long MIN_FREE_BYTES = 32L << 20;

    /** PostgreSQL's SQLSTATE for a full disk. */
    private static final String DISK_FULL = "53100";

    private final String name;
    private final String url;
    private final Properties properties;
    /** The H2 file; null for another database. */
    private final Path file;

    private final Runnable closePool;

    private Connection connection;

    /** The row of the right to write to the ledger. */
    LeaseTable(String url, Properties properties, Path file, Runnable closePool) {
        this(LEDGER, url, properties, file, closePool);
    }

    LeaseTable(String name, String url, Properties properties, Path file, Runnable closePool) {
        this.name = name;
        this.url = url;
        this.properties = properties;
        this.file = file;
        this.closePool = closePool;
    }

    /**
     * The row of the table.
     *
     * @param holder the last instance to acquire the lease
     * @param expires according to the clock of the database
     */
    record Row(long epoch, String holder, Instant expires) {}

    Row read() throws SQLException {
        try (PreparedStatement query = connection()
                        .prepareStatement("select epoch, holder, expires from lease where name = '" + name + "'");
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

    /** Renews the lease, even an expired one, if the epoch is current. */
    boolean renew(long epoch) throws SQLException {
        return update("update lease set expires = " + EXPIRES + OF_EPOCH, name, epoch);
    }

    /**
     * Makes an instance the holder of the next epoch, if the row is unchanged and has expired. In an H2 file it need not
     * have expired: a process locks the file it has open, so the previous holder has exited.
     */
    boolean take(Row seen, String holder) throws SQLException {
        return update(
                "update lease set epoch = epoch + 1, holder = ?, expires = " + EXPIRES + OF_EPOCH
                        + (isPostgresql() ? " and expires <= current_timestamp" : ""),
                holder,
                name,
                seen.epoch());
    }

    /** Expires the lease immediately, if the epoch is current. */
    void release(long epoch) throws SQLException {
        boolean unused = update("update lease set expires = current_timestamp" + OF_EPOCH, name, epoch);
    }

    /**
     * Whether an epoch is current within a transaction. In PostgreSQL, the row gets the lock of a foreign key: a change of
     * epoch waits for the end of the transaction, a renewal does not. The time-out aborts the transaction of a suspended
     * process before it blocks others for long.
     */
    boolean isCurrent(long epoch, Connection transaction) throws SQLException {
        checkFreeSpace();
        String query = isPostgresql()
                ? "select set_config('idle_in_transaction_session_timeout', '" + Lease.LIFETIME.toMillis()
                        + "', true) from lease where name = '" + name + "' and epoch = " + epoch + " for key share"
                : "select epoch from lease where name = '" + name + "' and epoch = " + epoch;
        try (Statement statement = transaction.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return row.next();
        }
    }

    private void checkFreeSpace() throws SQLException {
        long free = file == null
                ? MIN_FREE_BYTES
                : file.toAbsolutePath().getParent().toFile().getUsableSpace();
        if (free < MIN_FREE_BYTES) {
            throw new SQLException(
                    "no space left on the disk of %s: %d MB free, %d MB required"
                            .formatted(file, free >> 20, MIN_FREE_BYTES >> 20),
                    DISK_FULL);
        }
    }

    private boolean update(String sql, Object... parameters) throws SQLException {
        checkFreeSpace();
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
     * Closes a failed connection; the next access opens a new one. For an H2 file, this also evicts the pool's connections:
     * H2 reopens the file only after all are closed, and idle ones would not notice the failure.
     */
    void close() {
        disconnect();
        if (file != null) {
            closePool.run();
        }
    }

    /** Closes only its own connection. */
    void disconnect() {
        JdbcUtils.closeConnection(connection);
        connection = null;
    }

    private boolean isPostgresql() {
        return url.startsWith("jdbc:postgresql:");
    }
}
