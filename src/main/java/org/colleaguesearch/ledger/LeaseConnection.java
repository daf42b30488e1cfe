package org.colleaguesearch.ledger;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.springframework.jdbc.support.JdbcUtils;

/**
 * The connection of the lease's own, beside the pool: it never waits for a place, and shows an outage at once. For the
 * one thread of the lease; {@link #check} and {@link #unlessHeld} are for any.
 */
final class LeaseConnection {
    private final String url;
    private final Properties properties;
    private Connection connection;

    LeaseConnection(String url, Properties properties) {
        this.url = url;
        this.properties = properties;
    }

    /** The connection, made anew when the last one was closed. */
    Connection open() throws SQLException {
        if (connection == null) {
            connection = DriverManager.getConnection(url, properties);
        }
        return connection;
    }

    /** Gives up a connection that has failed. */
    void close() {
        JdbcUtils.closeConnection(connection);
        connection = null;
    }

    private boolean isPostgresql() {
        return url.startsWith("jdbc:postgresql:");
    }

    /**
     * A query that has a row if an epoch is the current one. In PostgreSQL it locks the row as a foreign key would: a
     * change of epoch waits for the end of the transaction, and a renewal does not. A process that is suspended in its
     * midst loses the transaction before it would hold up others for long.
     */
    String check(long epoch) {
        return isPostgresql()
                ? "select set_config('idle_in_transaction_session_timeout', '" + Lease.LIFETIME.toMillis()
                        + "', true) from lease where name = 'ledger' and epoch = " + epoch + " for key share"
                : "select epoch from lease where name = 'ledger' and epoch = " + epoch;
    }

    /** A file of H2's is locked by the process that has it open: whoever had the lease before is gone. */
    String unlessHeld() {
        return isPostgresql() ? " and expires <= current_timestamp" : "";
    }
}
