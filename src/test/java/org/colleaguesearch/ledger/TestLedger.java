package org.colleaguesearch.ledger;

import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;
import javax.sql.DataSource;
import org.colleaguesearch.people.PeopleTable;
import org.colleaguesearch.settings.ShippedSettings;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * A ledger with the schema and transactions of the application, emptied before each test. Each test thread has one in
 * memory and one in PostgreSQL.
 */
public final class TestLedger implements BeforeEachCallback {
    private static final ThreadLocal<TestLedger> H2 = ThreadLocal.withInitial(() ->
            new TestLedger(Database.inMemory("ledger-" + Thread.currentThread().threadId()), ""));

    private static final ThreadLocal<TestLedger> POSTGRESQL = ThreadLocal.withInitial(() -> new TestLedger(
            newPostgresqlDatabase("ledger_" + Thread.currentThread().threadId()), "postgres"));

    private final AnnotationConfigApplicationContext beans = new AnnotationConfigApplicationContext();

    private TestLedger(String url, String username) {
        HikariDataSource source = new HikariDataSource();
        source.setJdbcUrl(url);
        source.setUsername(username);
        Flyway.configure().dataSource(source).load().migrate();
        beans.registerBean(DataSource.class, () -> source);
        beans.registerBean(Lease.class, () -> lease(url, username));
        beans.registerBean(
                DatabaseWait.class, () -> new DatabaseWait(beans.getBean(Lease.class), ShippedSettings.with()));
        beans.register(
                Transactions.class,
                Ledger.class,
                History.class,
                ChunkLedger.class,
                ExportLedger.class,
                SectionLedger.class,
                Checkpoints.class,
                NodeTable.class,
                HeldLedger.class,
                FeedLedger.class,
                FeedReadings.class,
                PeopleTable.class);
        beans.refresh();
    }

    private Lease lease(String url, String username) {
        Properties properties = new Properties();
        properties.setProperty("user", username);
        Lease lease = new Lease(new LeaseTable(url, properties, null, () -> {}), beans);
        lease.begin();
        return lease;
    }

    /** The in-memory ledger of this thread. */
    public static TestLedger h2() {
        return H2.get();
    }

    /** The PostgreSQL ledger of this thread. The first call takes some seconds, since it starts PostgreSQL. */
    public static TestLedger postgresql() {
        return POSTGRESQL.get();
    }

    /** The URL of an empty database in the PostgreSQL of the test run; its user is {@code postgres}. */
    public static String newPostgresqlDatabase(String name) {
        JdbcClient.create(PostgreSql.SERVER.getPostgresDatabase())
                .sql("create database " + name)
                .update();
        return PostgreSql.SERVER.getJdbcUrl("postgres", name);
    }

    public Ledger ledger() {
        return beans.getBean(Ledger.class);
    }

    NodeTable nodes() {
        return beans.getBean(NodeTable.class);
    }

    Checkpoints checkpoints() {
        return beans.getBean(Checkpoints.class);
    }

    History history() {
        return beans.getBean(History.class);
    }

    public ChunkLedger chunks() {
        return beans.getBean(ChunkLedger.class);
    }

    public SectionLedger sections() {
        return beans.getBean(SectionLedger.class);
    }

    public HeldLedger held() {
        return beans.getBean(HeldLedger.class);
    }

    public ExportLedger exports() {
        return beans.getBean(ExportLedger.class);
    }

    public FeedLedger feeds() {
        return beans.getBean(FeedLedger.class);
    }

    public Lease lease() {
        return beans.getBean(Lease.class);
    }

    public DatabaseWait database() {
        return beans.getBean(DatabaseWait.class);
    }

    public PeopleTable people() {
        return beans.getBean(PeopleTable.class);
    }

    /** For statements that the ledger has no method for. */
    public JdbcClient sql() {
        return beans.getBean(JdbcClient.class);
    }

    @Override
    public void beforeEach(ExtensionContext test) {
        sql().sql("delete from batch").update();
        sql().sql("delete from section").update();
        sql().sql("delete from node").update();
    }

    /** Initialized on first use. */
    private static final class PostgreSql {
        private static final EmbeddedPostgres SERVER = start();

        /** Stops when the JVM exits. */
        private static EmbeddedPostgres start() {
            try {
                return EmbeddedPostgres.start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Not a {@code @Component}, since tests of the application also scan this package. */
    @EnableTransactionManagement(proxyTargetClass = true)
    static class Transactions {
        @Bean
        PlatformTransactionManager transactionManager(DataSource source, Lease lease) {
            return new LeasedTransactions(source, lease);
        }

        @Bean
        TransactionTemplate transactionTemplate(PlatformTransactionManager transactions) {
            return new TransactionTemplate(transactions);
        }

        @Bean
        JdbcTemplate jdbcTemplate(DataSource source) {
            return new JdbcTemplate(source);
        }

        @Bean
        JdbcClient jdbcClient(DataSource source) {
            return JdbcClient.create(source);
        }
    }
}
