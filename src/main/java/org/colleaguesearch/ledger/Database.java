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

/** The database of the ledger: an H2 file if no URL is set. Flyway updates the schema at start. */
@Configuration(proxyBeanMethods = false)
public class Database {
    private static final Logger LOG = LoggerFactory.getLogger(Database.class);

    /** A chunk needs a connection only briefly, at its start and end. */
    private static final int CONNECTIONS = 10;

    /**
     * Makes H2 accept PostgreSQL's syntax and lower-case names, so that both share one schema and one set of statements.
     * Without a query cache, H2 plans each statement anew. It would otherwise keep the plan made for an empty table, such as
     * an index that scans all people of the batch for each page of the list.
     */
    private static final String DIALECT = ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;QUERY_CACHE_SIZE=0";
    /** Time-outs in seconds, for connecting and for a response. Statements concern few rows. */
    private static final String CONNECT_SECONDS = "5";

    private static final String SOCKET_SECONDS = "60";
    private static final String LEASE_SOCKET_SECONDS = "20";

    /** How long to wait for a connection of the pool: no longer than a probe or a client of the API waits. */
    private static final long CHECKOUT_MILLIS = 3_000;

    /**
     * The connection pool, after a successful connection.
     *
     * @throws StartFailure if the database is unavailable
     */
    @Bean
    HikariDataSource dataSource(Settings settings) {
        Settings.Database database = settings.database();
        if (database.url() == null) {
            restrictToOwner(database.file().toAbsolutePath());
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
            LOG.debug("database version: {}", connection.getMetaData().getDatabaseProductVersion());
            return source;
        } catch (SQLException | RuntimeException e) {
            source.close();
            throw new StartFailure(problem(database, e), e);
        }
    }

    /** H2 creates its file with the permissions of the umask, but keeps those of an existing empty file. */
    private static void restrictToOwner(Path file) {
        try {
            Readers.OWNER.makeFolder(file.getParent());
            Readers.OWNER
                    .open(
                            file.resolveSibling(file.getFileName() + ".mv.db"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE)
                    .close();
        } catch (IOException e) {
            // H2 will fail on the same file and report why.
            LOG.debug("cannot create {}", file, e);
        }
    }

    /** The lease that an instance needs to write, acquired with the schema before anything else reads the ledger. */
    @Bean
    Lease lease(Settings settings, HikariDataSource source, NodeId node, ApplicationEventPublisher events) {
        Settings.Database database = settings.database();
        if (settings.cluster().isOn() && !url(database).startsWith("jdbc:postgresql:")) {
            throw new StartFailure(
                    "colleagues.cluster.broker-url is set, so colleagues.database.url must be that of the"
                            + " PostgreSQL that the nodes share");
        }
        LeaseTable table = new LeaseTable(
                url(database),
                ofLease(database),
                database.url() == null ? database.file() : null,
                () -> source.getHikariPoolMXBean().softEvictConnections());
        return settings.cluster().isOn() ? Lease.ofNode(table, events, node) : new Lease(table, events);
    }

    @Bean
    NodeTurns turns(Settings settings, NodeId node) {
        Settings.Database database = settings.database();
        return new NodeTurns(
                name -> new LeaseTable(name, url(database), ofLease(database), null, () -> {}),
                node,
                settings.cluster().isOn());
    }

    private static Properties ofLease(Settings.Database database) {
        Properties properties = properties(database, LEASE_SOCKET_SECONDS);
        properties.setProperty("user", database.username());
        properties.setProperty("password", database.password().reveal());
        return properties;
    }

    /** Acquires the lease before migrating, so as not to change the schema under a running instance, if the table exists. */
    @Bean
    FlywayMigrationStrategy schemaAndLease(Lease lease, DataSource source) {
        return flyway -> {
            boolean hadLease = hasLease(source);
            if (hadLease) {
                lease.begin();
            }
            flyway.migrate();
            if (!hadLease) {
                lease.begin();
            }
        };
    }

    /** False before the first migration, and if a migration was interrupted between creating the table and its row. */
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
            throw new StartFailure("cannot read the database: " + DatabaseFailures.reason(e), e);
        }
    }

    /** All writes to the ledger are transactional, and every writing transaction requires the lease. */
    @Bean
    PlatformTransactionManager transactionManager(DataSource source, Lease lease) {
        return new LeasedTransactions(source, lease);
    }

    private static Properties properties(Settings.Database database, String socketSeconds) {
        Properties properties = new Properties();
        if (url(database).startsWith("jdbc:postgresql:")) {
            // Parameters in the URL override these.
            properties.setProperty("connectTimeout", CONNECT_SECONDS);
            properties.setProperty("loginTimeout", CONNECT_SECONDS);
            properties.setProperty("socketTimeout", socketSeconds);
            properties.setProperty("tcpKeepAlive", "true");
            // A pooler in transaction mode may give each transaction a different session.
            properties.setProperty("prepareThreshold", "0");
        }
        return properties;
    }

    private static String url(Settings.Database database) {
        return database.url() == null ? h2(database) : database.url();
    }

    /** The URL of an in-memory database. */
    public static String inMemory(String name) {
        return "jdbc:h2:mem:" + name + DIALECT + ";DB_CLOSE_DELAY=-1";
    }

    /**
     * WRITE_DELAY=0: a transaction is in the file when it is committed, not half a second later. RETENTION_TIME: overwritten
     * data is kept only as long as a file system may need to flush the rest, not for H2's default of 45 s: a commit takes
     * about 17 kB, so 1,000 commits a second would retain 700 MB. No trace file: it would repeat the log, and if it is not
     * writable, H2 prints pages of stack traces.
     */
    private static String h2(Settings.Database database) {
        return "jdbc:h2:file:" + database.file().toAbsolutePath() + DIALECT
                + ";WRITE_DELAY=0;RETENTION_TIME=5000;DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0";
    }

    /**
     * Evicts connections to a database that H2 has closed. After a failed write to its file, H2 fails permanently on all
     * connections, and reopens the file only after the last one is closed.
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
            return "the database at colleagues.database.url is unavailable (" + line
                    + "); check colleagues.database.url, username and password";
        }
        return line.contains("already in use") || line.contains("locked")
                ? "another instance of Colleague Search is using colleagues.database.file " + database.file()
                        + ": stop it, call its API in place of this command, or set another file for this instance"
                : "colleagues.database.file " + database.file() + " cannot be opened (" + line + ")";
    }
}
