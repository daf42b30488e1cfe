package org.colleaguesearch.web;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.Optional;
import org.colleaguesearch.settings.OwnerFile;
import org.colleaguesearch.settings.Settings;
import org.colleaguesearch.settings.Settings.Scope;
import org.colleaguesearch.source.ApiFailures;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The key that is created if the settings have none, so that the API works out of the box. It has all scopes. The database
 * stores only its hash; the key itself is in {@code <database.file>.first-key}, which only its owner can read.
 */
final class FirstKey {
    static final String NAME = "first";

    private static final Logger LOG = LoggerFactory.getLogger(FirstKey.class);

    private record StoredKey(ApiKey key, Instant created) {}

    private final JdbcClient sql;
    private final Path file;

    FirstKey(JdbcClient sql, Settings.Database database) {
        this.sql = sql;
        this.file = database.file().resolveSibling(database.file().getFileName() + ".first-key");
    }

    /** Creates the key at the first start, and logs where it is; empty if its file cannot be written. */
    Optional<ApiKey> key() {
        Optional<StoredKey> stored = sql.sql("select hash, made from api_key where name = ?")
                .param(NAME)
                .query(FirstKey::fromRow)
                .optional();
        if (stored.isPresent()) {
            LOG.info("using the first API key, created {}; {}", stored.get().created, location(stored.get().key));
            return stored.map(StoredKey::key);
        }
        NewKey made = NewKey.make(NAME, EnumSet.allOf(Scope.class));
        // Before the file: the nodes of a cluster may start at the same time, and share the folder.
        int inserted = sql.sql("insert into api_key (name, hash, made) values (?, ?, ?) on conflict do nothing")
                .params(NAME, made.kept().hash().toString(), OffsetDateTime.now(ZoneOffset.UTC))
                .update();
        if (inserted == 0) {
            return key();
        }
        try {
            if (Files.exists(file)) {
                // The key of another database, and still valid there.
                Path earlier = file.resolveSibling(file.getFileName() + ".old");
                Files.move(file, earlier, StandardCopyOption.REPLACE_EXISTING);
                LOG.warn("{} contained the key of another database; moved it to {}", file, earlier);
            }
            OwnerFile.write(file, made.text() + System.lineSeparator());
        } catch (IOException e) {
            sql.sql("delete from api_key where name = ?").param(NAME).update();
            LOG.error(
                    "cannot write the first API key to {} ({}); every API request gets 401. Make the folder writable and"
                            + " restart, or create a key with --make-key and add it to colleagues.web.keys",
                    file,
                    ApiFailures.reason(e));
            LOG.debug("cannot write {}", file, e);
            return Optional.empty();
        }
        LOG.info("created an API key with all scopes in {}, readable only by the owner of the file", file);
        return Optional.of(made.kept());
    }

    private String location(ApiKey key) {
        String other = "create another key with --make-key";
        try {
            String secret = Files.readString(file).strip().replaceFirst("^" + NAME + "\\.", "");
            return key.hash().matches(secret)
                    ? "it is in " + file
                    : "but " + file + " contains the key of another database; " + other;
        } catch (NoSuchFileException e) {
            return "but its file " + file + " is not on this machine, or no longer; " + other;
        } catch (IOException e) {
            return "but " + file + " cannot be read (" + ApiFailures.reason(e) + "); " + other;
        }
    }

    private static StoredKey fromRow(ResultSet row, int number) throws SQLException {
        return new StoredKey(
                new ApiKey(NAME, KeyHash.parse(row.getString("hash")), EnumSet.allOf(Scope.class)),
                row.getObject("made", OffsetDateTime.class).toInstant());
    }
}
