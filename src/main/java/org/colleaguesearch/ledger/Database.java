package org.colleaguesearch.ledger;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.SQLExceptionOverride;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Properties;
import javax.sql.DataSource;
import org.colleaguesearch.failure.StartFailure;
import org.colleaguesearch.settings.Readers;
import org.colleaguesearch.settings.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.flyway.FlywayMigrationStrategy;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;

/** The database of the ledger: a file of H2's when no URL is set. Flyway brings its schema up to date at start. */
@Configuration(proxyBeanMethods = false)
public class Database {
    private static final Logger LOG = LoggerFactory.getLogger(Database.class);

    /** A chunk needs one for moments only, at its start and at its end. */
    private static final int CONNECTIONS = 10;
    /** PostgreSQL's, and lower-case names, so that one schema and one set of statements do for both. */
    private static final String DIALECT = ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE";
    /** Seconds that a connection may take, and a statement or the silence of a network; a statement is one of a few rows. */
    private static final String CONNECT_SECONDS = "5";

    private static final String SOCKET_SECONDS = "60";
    private static final String LEASE_SOCKET_SECONDS = "20";

    /** Milliseconds to wait for a connection of the pool: no longer than a probe, or someone who asks the API, waits. */
    private static final long CHECKOUT_MILLIS = 3_000;

    /**
     * A database that answers.
     *
     * @throws StartFailure when there is none
     */
    @Bean
    HikariDataSource dataSource(Settings settings) {
        Settings.Database database = settings.database();
        if (database.url() == null) {
            closeToOthers(database.file().toAbsolutePath());
        }
        HikariDataSource source = new HikariDataSource();
        source.setPoolName("ledger");
        source.setMaximumPoolSize(CONNECTIONS);
        source.setConnectionTimeout(CHECKOUT_MILLIS);
        source.setExceptionOverrideClassName(Eviction.class.getName());
        source.setJdbcUrl(url(database));
        source.setUsername(database.username());
        source.setPassword(database.password().reveal());
        source.setDataSourceProperties(properties(database, SOCKET_SECONDS));
        try (Connection connection = source.getConnection()) {
            LOG.debug("the database is {}", connection.getMetaData().getDatabaseProductVersion());
            return source;
        } catch (SQLException | RuntimeException e) {
            source.close();
            throw new StartFailure(problem(database, e), e);
        }
    }

    /** H2 makes its file with the permissions that the umask leaves, and keeps those of one that it finds, if empty. */
    private static void closeToOthers(Path file) {
        try {
            Readers.OWNER.makeFolder(file.getParent());
            Readers.OWNER
                    .open(
                            file.resolveSibling(file.getFileName() + ".mv.db"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE)
                    .close();
        } catch (IOException e) {
            // H2 fails on the same file, and says why.
            LOG.debug("cannot make {}", file, e);
        }
    }

    /** The lease that each instance needs to write; taken with the schema, before anything else looks at the ledger. */
    @Bean
    Lease lease(Settings settings, HikariDataSource source, ApplicationEventPublisher events) {
        Settings.Database database = settings.database();
        Properties properties = properties(database, LEASE_SOCKET_SECONDS);
        properties.setProperty("user", database.username());
        properties.setProperty("password", database.password().reveal());
        return new Lease(
                new LeaseTable(
                        url(database),
                        properties,
                        database.url() == null ? database.file() : null,
                        () -> source.getHikariPoolMXBean().softEvictConnections()),
                events);
    }

    /** A schema of an instance that works with the database is not changed under it, once it has the table of leases. */
    @Bean
    FlywayMigrationStrategy schemaAndLease(Lease lease, DataSource source) {
        return flyway -> {
            boolean isKnown = hasLease(source);
            if (isKnown) {
                lease.begin();
            }
            flyway.migrate();
            if (!isKnown) {
                lease.begin();
            }
        };
    }

    /** Neither before the first migration, nor where one was cut off between the table and its row. */
    private static boolean hasLease(DataSource source) {
        try (Connection connection = source.getConnection();
                ResultSet tables = connection
                        .getMetaData()
                        .getTables(connection.getCatalog(), connection.getSchema(), "lease", null)) {
            return tables.next()
                    && JdbcClient.create(source)
                            .sql("select count(*) > 0 from lease")
                            .query(Boolean.class)
                            .single();
        } catch (SQLException e) {
            throw new StartFailure("the database cannot be read: " + DatabaseFailures.reason(e), e);
        }
    }

    /** Whatever writes to the ledger does so in a transaction, and no transaction writes without the lease. */
    @Bean
    PlatformTransactionManager transactionManager(DataSource source, Lease lease) {
        return new LeasedTransactions(source, lease);
    }

    private static Properties properties(Settings.Database database, String socketSeconds) {
        Properties properties = new Properties();
        if (url(database).startsWith("jdbc:postgresql:")) {
            // The URL's own go before them.
            properties.setProperty("connectTimeout", CONNECT_SECONDS);
            properties.setProperty("loginTimeout", CONNECT_SECONDS);
            properties.setProperty("socketTimeout", socketSeconds);
            properties.setProperty("tcpKeepAlive", "true");
            // A pooler in transaction mode may give each transaction another session.
            properties.setProperty("prepareThreshold", "0");
        }
        return properties;
    }

    private static String url(Settings.Database database) {
        return database.url() == null ? h2(database) : database.url();
    }

    /** The URL of a ledger that is gone with the process. */
    public static String inMemory(String name) {
        return "jdbc:h2:mem:" + name + DIALECT + ";DB_CLOSE_DELAY=-1";
    }

    /**
     * WRITE_DELAY=0: a transaction is in the file when it is committed, not half a second later. RETENTION_TIME: what was
     * overwritten is kept for as long as a file system may take to bring the rest to the disk, and not for H2's 45 s: each
     * commit takes some 17 kB meanwhile, which were 700 MB for 1,000 commits a second. No trace file: it would hold what
     * the log has, and where it cannot be written, H2 prints pages of stack traces.
     */
    private static String h2(Settings.Database database) {
        return "jdbc:h2:file:" + database.file().toAbsolutePath() + DIALECT
                + ";WRITE_DELAY=0;RETENTION_TIME=5000;DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0";
    }

    /**
     * Closes each connection that H2 has closed its database on. One whose file could not be written fails for good on all
     * its connections, and only when the last one is closed does the next one open the file anew.
     */
    public static final class Eviction implements SQLExceptionOverride {
        @java.lang.Override
        public Override adjudicate(SQLException failure) {
            return DatabaseFailures.isClosedByH2(failure) ? Override.MUST_EVICT : Override.CONTINUE_EVICT;
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
