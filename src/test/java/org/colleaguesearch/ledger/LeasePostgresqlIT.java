package org.colleaguesearch.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import org.colleaguesearch.failure.StartFailure;
import org.colleaguesearch.settings.ShippedSettings;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

@Timeout(600)
class LeasePostgresqlIT {

    private final PGSimpleDataSource source = new PGSimpleDataSource();
    private final List<Object> events = new CopyOnWriteArrayList<>();
    private Lease lease;

    @BeforeEach
    void begin(TestInfo test) {
        source.setUrl(TestLedger.newPostgresqlDatabase(
                test.getTestMethod().orElseThrow().getName().toLowerCase(java.util.Locale.ROOT)));
        source.setUser("postgres");
        Flyway.configure().dataSource(source).load().migrate();
        lease = lease();
        lease.begin();
    }

    @AfterEach
    void end() throws InterruptedException {
        lease.destroy();
    }

    @Test
    void keepsTheLeaseWhenEverySessionIsTerminated() {
        sql().sql("select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()"
                        + " and datname = current_database()")
                .query()
                .listOfRows();

        await().until(() -> lease.takeRecovered());
        assertThat(lease.isHeld()).isTrue();
        assertThat(write(lease)).isEqualTo(1);
        assertThat(events).isEmpty();
        assertThatExceptionOfType(StartFailure.class).isThrownBy(() -> lease().begin());
    }

    /** As on a full disk: a renewal needs no space. */
    @Test
    void isUnavailableWhileOtherWritesFail() {
        await().until(() -> {
            lease.failed("could not extend file: No space left on device");
            return lease.status().state() == Lease.State.UNAVAILABLE;
        });
        assertThat(lease.status().reason()).contains("No space left on device");
        assertThat(lease.isHeld()).isTrue();

        await().until(() -> lease.takeRecovered());
        assertThat(lease.status().state()).isEqualTo(Lease.State.HELD);
    }

    @Test
    void rejectsASecondInstanceAndNamesTheFirst() {
        assertThatExceptionOfType(StartFailure.class)
                .isThrownBy(() -> lease().begin())
                .withMessageContaining(Long.toString(ProcessHandle.current().pid()))
                .withMessageEndingWith("stop it, or configure another database");
        assertThat(write(lease)).isEqualTo(1);
    }

    @Test
    void acquiresAReleasedLeaseImmediatelyAndThatOfADeadInstanceWhenItExpires() throws InterruptedException {
        lease.destroy();
        lease = lease();
        lease.begin();
        assertThat(write(lease)).isEqualTo(1);
        lease.destroy();
        sql().sql("update lease set expires = current_timestamp + interval '2' second")
                .update();

        lease = lease();
        lease.begin();

        assertThat(write(lease)).isEqualTo(1);
    }

    @Test
    void writesNothingAfterALossAndReacquiresTheLeaseWhenItIsFree() {
        another("current_timestamp + interval '1' hour");

        assertThatExceptionOfType(LeaseLost.class).isThrownBy(() -> write(lease));
        await().until(() -> lease.status().state() == Lease.State.LOST);
        assertThat(lease.isHeld()).isFalse();
        assertThat(lease.status().reason()).contains("another@host");
        assertThat(events).hasSize(1).first().isInstanceOf(Lease.Lost.class);
        assertThatExceptionOfType(LeaseLost.class).isThrownBy(() -> write(lease));

        sql().sql("update lease set expires = current_timestamp").update();

        await().until(() -> lease.takeRecovered());
        assertThat(lease.takeRecovered()).isFalse();
        assertThat(lease.isHeld()).isTrue();
        assertThat(write(lease)).isEqualTo(1);
    }

    @Test
    void acquiringWaitsForRunningWritesButRenewingDoesNot() throws SQLException {
        try (Connection writing = source.getConnection()) {
            writing.setAutoCommit(false);
            lease.check(writing);

            assertThat(sql().sql(
                                    "update lease set expires = current_timestamp + interval '15' second where name = 'ledger'")
                            .update())
                    .isEqualTo(1);
            assertThatExceptionOfType(SQLException.class).isThrownBy(() -> {
                try (Connection other = source.getConnection();
                        var statement = other.createStatement()) {
                    statement.execute("set lock_timeout = '300ms'");
                    statement.execute("update lease set epoch = epoch + 1");
                }
            });
            writing.commit();
        }
        another("current_timestamp");
    }

    @Test
    void nodeFollowsTheKeeperAndTakesOverWhenItIsGone() throws InterruptedException {
        NodeId id = new NodeId(ShippedSettings.with("colleagues.cluster.node=two"));
        Lease node = Lease.ofNode(table(), events::add, id);
        try {
            node.begin();
            assertThat(node.isFollowing()).isTrue();
            assertThat(node.isKeeper()).isFalse();
            assertThat(node.holder()).isEqualTo(lease.holder());
            assertThat(node.isInContact()).isTrue();
            assertThatExceptionOfType(LeaseLost.class).isThrownBy(() -> write(node));

            lease.destroy();
            await().until(node::takeRecovered);
            assertThat(node.holder()).startsWith("two-");
            assertThat(write(node)).isEqualTo(1);
            // What is missed since the last batch, whenever that was.
            assertThat(node.outageBegan()).isEqualTo(Instant.EPOCH);

            another("current_timestamp + interval '1' hour");
            await().until(node::isFollowing);
            assertThat(node.holder()).isEqualTo("another@host");
            assertThat(events).hasSize(1).first().isInstanceOf(Lease.Lost.class);
        } finally {
            node.destroy();
        }
    }

    private void another(String expires) {
        sql().sql("update lease set epoch = epoch + 1, holder = 'another@host', expires = " + expires
                        + " where name = 'ledger'")
                .update();
    }

    private Lease lease() {
        return new Lease(table(), events::add);
    }

    private LeaseTable table() {
        Properties properties = new Properties();
        properties.setProperty("user", "postgres");
        return new LeaseTable(source.getUrl(), properties, null, () -> {});
    }

    /** Writes in a transaction, as the ledger does. */
    private int write(Lease with) {
        return new TransactionTemplate(new LeasedTransactions(source, with))
                .execute(transaction -> sql().sql(
                                "insert into batch (id, started_by, state, began) values (gen_random_uuid()::varchar(20), 'test', 'running', now())")
                        .update());
    }

    private JdbcClient sql() {
        return JdbcClient.create(source);
    }
}
