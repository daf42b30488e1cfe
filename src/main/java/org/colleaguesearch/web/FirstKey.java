package org.colleaguesearch.web;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.Optional;
import org.colleaguesearch.settings.Settings.Scope;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The key that is made when the settings have none, so that the API can be asked at once. It may do everything; only its
 * hash is kept, in the database.
 */
final class FirstKey {
    static final String NAME = "first";

    private static final Logger LOG = LoggerFactory.getLogger(FirstKey.class);

    private record Kept(ApiKey key, Instant made) {}

    private final JdbcClient sql;

    FirstKey(JdbcClient sql) {
        this.sql = sql;
    }

    /** Makes it at the first start, and shows it then; later says of when it is. */
    ApiKey key() {
        Optional<Kept> kept = sql.sql("select hash, made from api_key where name = ?")
                .param(NAME)
                .query(FirstKey::kept)
                .optional();
        if (kept.isPresent()) {
            LOG.info("the API key that was shown on {} is valid; --make-key makes another", kept.get().made);
            return kept.get().key;
        }
        NewKey made = NewKey.make(NAME, EnumSet.allOf(Scope.class));
        sql.sql("insert into api_key (name, hash, made) values (?, ?, ?)")
                .params(NAME, made.kept().hash().toString(), OffsetDateTime.now(ZoneOffset.UTC))
                .update();
        // Not to the log, which may be kept and sent on.
        System.out.println("An API key with all scopes, which is shown this once: X-API-Key: " + made.text());
        return made.kept();
    }

    private static Kept kept(ResultSet row, int number) throws SQLException {
        return new Kept(
                new ApiKey(NAME, KeyHash.parse(row.getString("hash")), EnumSet.allOf(Scope.class)),
                row.getObject("made", OffsetDateTime.class).toInstant());
    }
}
