package org.colleaguesearch.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

/** Cases that {@link LeasePostgresqlIT} does not cover. */
class LeaseTest {
    private static final String URL = "jdbc:h2:mem:lease;MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DB_CLOSE_DELAY=-1";

    /** HikariCP waits 10 s if its connections are already closing when it shuts down. */
    @Test
    void doesNotClosePoolConnectionsOnShutdown() throws InterruptedException {
        Flyway.configure().dataSource(URL, "", "").load().migrate();
        AtomicInteger closed = new AtomicInteger();
        LeaseTable table = new LeaseTable(URL, new Properties(), Path.of("ledger"), closed::incrementAndGet);
        Lease lease = new Lease(table, event -> {});
        lease.begin();

        lease.destroy();

        assertThat(closed).hasValue(0);
    }
}
