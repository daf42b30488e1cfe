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
 * The key that is made when the settings have none, so that the API can be used at once. It has all scopes. Only its hash
 * is kept in the database; the key itself is written to {@code <database.file>.first-key}, which only its owner can read.
 */
final class FirstKey {
    static final String NAME = "first";

    private static final Logger LOG = LoggerFactory.getLogger(FirstKey.class);

    private record Kept(ApiKey key, Instant made) {}

    private final JdbcClient sql;
    private final Path file;

    FirstKey(JdbcClient sql, Settings.Database database) {
        this.sql = sql;
        this.file = database.file().resolveSibling(database.file().getFileName() + ".first-key");
    }

    /** Makes it at the first start and says which file has it; empty when that file cannot be written. */
    Optional<ApiKey> key() {
        Optional<Kept> kept = sql.sql("select hash, made from api_key where name = ?")
                .param(NAME)
                .query(FirstKey::kept)
                .optional();
        if (kept.isPresent()) {
            LOG.info("the first API key, made on {}, is valid; {}", kept.get().made, whereabouts(kept.get().key));
            return kept.map(Kept::key);
        }
        NewKey made = NewKey.make(NAME, EnumSet.allOf(Scope.class));
        try {
            if (Files.exists(file)) {
                // The key of another database, which is valid there.
                Path earlier = file.resolveSibling(file.getFileName() + ".old");
                Files.move(file, earlier, StandardCopyOption.REPLACE_EXISTING);
                LOG.warn("{} had the key of another database, which is in {} now", file, earlier);
            }
            OwnerFile.write(file, made.text() + System.lineSeparator());
        } catch (IOException e) {
            LOG.error(
                    "the API has no key, and answers every request with 401: the first key cannot be written to {} ({});"
                            + " make the folder writable, or set colleagues.web.keys, for which --make-key makes keys",
                    file,
                    ApiFailures.reason(e));
            LOG.debug("cannot write {}", file, e);
            return Optional.empty();
        }
        sql.sql("insert into api_key (name, hash, made) values (?, ?, ?)")
                .params(NAME, made.kept().hash().toString(), OffsetDateTime.now(ZoneOffset.UTC))
                .update();
        LOG.info("made an API key with all scopes: it is in {}, which only the owner of the file can read", file);
        return Optional.of(made.kept());
    }

    private String whereabouts(ApiKey key) {
        String other = "--make-key makes another key";
        try {
            String secret = Files.readString(file).strip().replaceFirst("^" + NAME + "\\.", "");
            return key.hash().matches(secret)
                    ? "it is in " + file
                    : "but " + file + " has the key of another database; " + other;
        } catch (NoSuchFileException e) {
            return "but its file " + file + " is gone; " + other;
        } catch (IOException e) {
            return "but " + file + " cannot be read (" + ApiFailures.reason(e) + "); " + other;
        }
    }

    private static Kept kept(ResultSet row, int number) throws SQLException {
        return new Kept(
                new ApiKey(NAME, KeyHash.parse(row.getString("hash")), EnumSet.allOf(Scope.class)),
                row.getObject("made", OffsetDateTime.class).toInstant());
    }
}
