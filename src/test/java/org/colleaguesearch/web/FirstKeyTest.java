package org.colleaguesearch.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.colleaguesearch.settings.Secret;
import org.colleaguesearch.settings.Settings;
import org.colleaguesearch.settings.Settings.Scope;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class FirstKeyTest {
    @TempDir
    private Path folder;

    private JdbcClient sql;

    @BeforeEach
    void database() {
        DriverManagerDataSource source = new DriverManagerDataSource("jdbc:h2:mem:first-key-" + System.nanoTime()
                + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DB_CLOSE_DELAY=-1");
        Flyway.configure().dataSource(source).load().migrate();
        sql = JdbcClient.create(source);
    }

    @Test
    void isStoredAsHashAndWrittenToAFileOnlyItsOwnerCanRead(CapturedOutput output) throws IOException {
        ApiKey first = key().orElseThrow();

        assertThat(file()).content().matches("first\\.[\\w-]{43}\\R");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        assertThat(folder.resolve("data")).isDirectoryNotContaining(file -> !file.equals(file()));
        assertThat(first.scopes()).containsExactlyInAnyOrder(Scope.values());
        assertThat(first.hash().matches(secret())).isTrue();
        assertThat(sql.sql("select hash from api_key").query(String.class).list())
                .singleElement()
                .asString()
                .startsWith("sha256:")
                .doesNotContain(secret());
        assertThat(output.getAll())
                .contains("created an API key with all scopes in " + file())
                .doesNotContain(secret());
    }

    @Test
    void staysTheSameAtLaterStarts(CapturedOutput output) throws IOException {
        key();
        String secret = secret();

        assertThat(key().orElseThrow().hash().matches(secret)).isTrue();
        assertThat(secret()).isEqualTo(secret);
        assertThat(output.getAll())
                .contains("using the first API key", "it is in " + file())
                .doesNotContain(secret);
    }

    @Test
    void staysValidWithoutItsFile(CapturedOutput output) throws IOException {
        key();
        String secret = secret();
        Files.delete(file());

        assertThat(key().orElseThrow().hash().matches(secret)).isTrue();
        assertThat(file()).doesNotExist();
        assertThat(output.getAll())
                .contains(
                        "using the first API key", "but its file " + file() + " is not on this machine", "--make-key");
    }

    /** As after the ledger was removed, or if someone else wrote the file for everybody to read. */
    @Test
    void movesAnExistingFileAside() throws IOException {
        Files.createDirectories(file().getParent());
        Files.writeString(file(), "first.old");
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r--r--"));

        ApiKey first = key().orElseThrow();

        assertThat(folder.resolve("data/ledger.first-key.old")).hasContent("first.old");
        assertThat(first.hash().matches(secret())).isTrue();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
    }

    @Test
    void warnsThatTheFileContainsTheKeyOfAnotherDatabase(CapturedOutput output) throws IOException {
        key();
        Files.writeString(file(), "first.other");

        assertThat(key()).isPresent();
        assertThat(output.getAll()).contains("but " + file() + " contains the key of another database");
    }

    @Test
    void isNotCreatedIfItsFileCannotBeWritten(CapturedOutput output) throws IOException {
        // A file in place of the folder, because root may write to any folder.
        Path noFolder = Files.writeString(folder.resolve("data"), "");

        assertThat(key()).isEmpty();
        assertThat(output.getAll()).contains("cannot write the first API key to " + file());
        assertThat(sql.sql("select count(*) from api_key").query(Integer.class).single())
                .isZero();

        Files.delete(noFolder);
        assertThat(key().orElseThrow().hash().matches(secret())).isTrue();
    }

    private Optional<ApiKey> key() {
        return new FirstKey(
                        sql,
                        new Settings.Database(null, "", Secret.valueOf(""), folder.resolve("data/ledger"), null, null))
                .key();
    }

    private Path file() {
        return folder.resolve("data/ledger.first-key");
    }

    private String secret() throws IOException {
        return Files.readString(file()).strip().substring("first.".length());
    }
}
