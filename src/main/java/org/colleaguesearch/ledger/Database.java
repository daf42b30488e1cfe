package org.colleaguesearch.ledger;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.colleaguesearch.settings.Settings;
import org.colleaguesearch.settings.StartFailure;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The database of the ledger: a file of H2's when no URL is set. Flyway brings its schema up to date at start. */
@Configuration(proxyBeanMethods = false)
public class Database {
    /** A chunk needs one for moments only, at its start and at its end. */
    private static final int CONNECTIONS = 10;
    /** PostgreSQL's, and lower-case names, so that one schema and one set of statements do for both. */
    private static final String DIALECT = ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE";
    /** "colleagues", as a number of our own among PostgreSQL's advisory locks. */
    private static final long LOCK = 0x636f6c6c65616775L;

    /**
     * A database that answers, and that no other instance works with: its unfinished runs are nobody else's.
     *
     * @throws StartFailure when there is none
     */
    @Bean
    HikariDataSource dataSource(Settings settings) {
        Settings.Database database = settings.database();
        HikariDataSource source = new HikariDataSource();
        source.setPoolName("ledger");
        source.setMaximumPoolSize(CONNECTIONS);
        source.setJdbcUrl(database.url() == null ? h2(database) : database.url());
        source.setUsername(database.username());
        source.setPassword(database.password().reveal());
        try {
            takeAlone(source.getConnection());
            return source;
        } catch (SQLException | RuntimeException e) {
            source.close();
            throw e instanceof StartFailure known ? known : new StartFailure(problem(database, e), e);
        }
    }

    /** The URL of a ledger that is gone with the process. */
    public static String inMemory(String name) {
        return "jdbc:h2:mem:" + name + DIALECT + ";DB_CLOSE_DELAY=-1";
    }

    /**
     * WRITE_DELAY=0: a transaction is in the file when it is committed, not half a second later. No trace file: it would
     * hold what the log has, and where it cannot be written, H2 prints pages of stack traces.
     */
    private static String h2(Settings.Database database) {
        return "jdbc:h2:file:" + database.file().toAbsolutePath() + DIALECT
                + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0";
    }

    /** H2 locks its file. In PostgreSQL, a lock that lasts as long as this connection, which is kept for it. */
    @SuppressWarnings("MustBeClosed") // kept as long as the application runs
    private static void takeAlone(Connection connection) throws SQLException {
        if (!connection.getMetaData().getDatabaseProductName().equals("PostgreSQL")) {
            connection.close();
            return;
        }
        try (Statement statement = connection.createStatement();
                ResultSet taken = statement.executeQuery("select pg_try_advisory_lock(" + LOCK + ")")) {
            taken.next();
            if (!taken.getBoolean(1)) {
                throw new StartFailure("another Colleague Search works with the database of colleagues.database.url:"
                        + " stop it, or give this one a database of its own");
            }
        }
    }

    private static String problem(Settings.Database database, Exception failure) {
        String why = failure.getCause() == null
                ? failure.getMessage()
                : failure.getCause().getMessage();
        String line = why == null
                ? failure.getClass().getSimpleName()
                : why.lines().findFirst().orElse("");
        if (database.url() != null) {
            return "the database of colleagues.database.url cannot be used (" + line
                    + "); check colleagues.database.url, username and password";
        }
        return line.contains("already in use") || line.contains("locked")
                ? "another Colleague Search works with colleagues.database.file " + database.file()
                        + ": stop it, or give this one a file of its own"
                : "colleagues.database.file " + database.file() + " cannot be used (" + line + ")";
    }
}
