package org.colleaguesearch.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.colleaguesearch.failure.StartFailure;
import org.colleaguesearch.settings.ShippedSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

class DatabaseTest {
    @TempDir
    Path folder;

    @Test
    void createsTheFileAndItsFolder() {
        try (HikariDataSource source = open("colleagues.database.file=" + folder.resolve("made/as/needed/ledger"))) {
            assertThat(source.isRunning()).isTrue();
        }

        assertThat(folder.resolve("made/as/needed/ledger.mv.db")).exists();
    }

    /** H2 closes the database itself after a failed write, such as on a full disk. */
    @Test
    void opensTheFileAgainWhenH2HasClosedIt() {
        try (HikariDataSource source = open("colleagues.database.file=" + folder.resolve("ledger"))) {
            JdbcClient sql = JdbcClient.create(source);
            sql.sql("create table kept (id int)").update();
            sql.sql("shutdown immediately").update();

            // One failure for each open connection of the pool.
            await().ignoreExceptions()
                    .until(() -> sql.sql("insert into kept values (1)").update() == 1);
            assertThat(sql.sql("select count(*) from kept").query(Integer.class).single())
                    .isEqualTo(1);
        }
    }

    @Test
    void rejectsFileThatIsNotADatabase() throws IOException {
        Files.writeString(folder.resolve("ledger.mv.db"), "somebody's notes".repeat(1000));

        assertThatExceptionOfType(StartFailure.class)
                .isThrownBy(() -> open("colleagues.database.file=" + folder.resolve("ledger")))
                .withMessageStartingWith("colleagues.database.file " + folder.resolve("ledger") + " cannot be opened (")
                .extracting(Throwable::getMessage)
                .satisfies(message -> assertThat(message).hasLineCount(1));
    }

    @Test
    void reportsAFolderThatCannotBeCreated() throws IOException {
        Path file = Files.createFile(folder.resolve("data"));

        assertThatExceptionOfType(StartFailure.class)
                .isThrownBy(() -> open("colleagues.database.file=" + file.resolve("ledger")))
                .withMessageStartingWith("colleagues.database.file " + file.resolve("ledger") + " cannot be opened (");
    }

    @Test
    void reportsAnUnreachableDatabase() throws IOException {
        int closedPort;
        try (ServerSocket socket = new ServerSocket(0)) {
            closedPort = socket.getLocalPort();
        }
        assertThatExceptionOfType(StartFailure.class)
                .isThrownBy(() -> open(
                        "colleagues.database.url=jdbc:postgresql://127.0.0.1:" + closedPort + "/colleagues",
                        "colleagues.database.password=hunter2"))
                .withMessageStartingWith("the database at colleagues.database.url is unavailable (")
                .withMessageEndingWith("check colleagues.database.url, username and password")
                .withMessageNotContaining("hunter2");
    }

    static HikariDataSource open(String... settings) {
        return new Database().dataSource(ShippedSettings.with(settings));
    }
}
