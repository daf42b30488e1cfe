package org.colleaguesearch.settings;

import jakarta.validation.Valid;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.core.io.Resource;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Everything under {@code colleagues} in {@code application.yml}, where each setting has its unit, default and what
 * unset means. Read once, checked at start, never changed afterwards: safe to share between threads.
 *
 * @param timeZone what {@code schedule} is read in; unset: the machine's
 * @param catchUp whether a batch begins at start whose time came while the application was down
 */
@Validated
@ConfigurationProperties(prefix = "colleagues", ignoreUnknownFields = false)
public record Settings(
        @NotNull @Cron String schedule,
        ZoneId timeZone,
        @NotNull Late ifLate,
        boolean catchUp,
        Boolean runAtStart,
        @NotEmpty Set<Target> deliverTo,
        @NotNull @Valid Indexing indexing,
        @NotNull @Valid Api api,
        @NotNull @Valid OpenSearch opensearch,
        @NotNull @Valid Database database,
        @NotNull @Valid Csv csv,
        @NotNull @Valid Extract extract,
        @NotNull @Valid Demo demo) {
    private static final String LONGER_THAN_0 = "must be longer than 0";

    /** Where the outcomes of a chunk can go. */
    public enum Target {
        OPENSEARCH,
        CSV
    }

    /** What becomes of a batch whose time came while the scheduler could not begin it. */
    public enum Late {
        RUN,
        SKIP
    }

    /** What becomes of runs that a crash or a stop has left unfinished. */
    public enum Unfinished {
        RESUME,
        ABANDON
    }

    /**
     * How a run is cut up, and when it is continued. {@code only}: names of the indexers to run; empty means all.
     *
     * @param resumeWithin the age from which on an unfinished run is abandoned all the same
     * @param chunkAttempts how often a chunk is begun before its URLs become errors
     */
    public record Indexing(
            @Min(1) @Max(10_000) int batchSize,
            @Min(1) @Max(100) int parallelIndexers,
            List<String> only,
            @NotNull Unfinished unfinished,

            @NotNull @DurationMin(millis = 1, message = LONGER_THAN_0)
            Duration resumeWithin,

            @Min(1) @Max(1_000_000) int chunkAttempts) {
        public Indexing {
            only = only == null ? List.of() : List.copyOf(only);
        }
    }

    /**
     * The people API. {@code baseUrl} unset: the demo API. {@code callsPerSecond} and {@code callsInFlight} unset: no
     * limit.
     */
    public record Api(
            @HttpUrl URI baseUrl,

            @NotNull @Pattern(regexp = "/.*", message = "must start with /")
            String peoplePath,

            @NotNull @DurationMin(millis = 1, message = LONGER_THAN_0)
            Duration connectTimeout,

            @NotNull @DurationMin(millis = 1, message = LONGER_THAN_0)
            Duration responseTimeout,

            @NotNull @MoreThanNothing DataSize maxResponseSize,
            @NotNull @Valid Retry retry,

            @NotNull @DurationMin(millis = 1, message = LONGER_THAN_0)
            Duration patience,

            @NotNull @DurationMin(millis = 1, message = LONGER_THAN_0)
            Duration probeEvery,

            @DecimalMin("0.001") @DecimalMax("100000") Double callsPerSecond,

            @Min(1) @Max(10_000) Integer callsInFlight,
            @NotNull @Valid Auth auth) {}

    /** When and how often a call, or a search, that failed for a passing reason is made again. */
    public record Retry(
            @Min(1) @Max(100) int attempts,

            @NotNull @DurationMin(message = "must not be negative")
            Duration firstDelay,

            @DecimalMin("1.0") @DecimalMax("10.0") double multiplier,

            // Camel takes 0 for no limit.
            @NotNull @DurationMin(millis = 1, message = LONGER_THAN_0)
            Duration maxDelay) {}

    /** Credentials for the people API: at most one of the three kinds. */
    public record Auth(
            @NotNull Secret bearerToken,
            @NotNull Secret apiKey,
            @NotBlank String apiKeyHeader,
            @NotNull @Valid OAuth2 oauth2) {

        @AssertTrue(message = "takes one of bearer-token, api-key and oauth2.token-url, not several")
        public boolean isUnambiguous() {
            int kinds = 0;
            kinds += bearerToken.isSet() ? 1 : 0;
            kinds += apiKey.isSet() ? 1 : 0;
            kinds += oauth2.tokenUrl == null ? 0 : 1;
            return kinds <= 1;
        }
    }

    /** OAuth 2.0 client credentials (RFC 6749, section 4.4). {@code tokenUrl} unset: not used. */
    public record OAuth2(
            @HttpUrl URI tokenUrl,
            @NotNull String clientId,
            @NotNull Secret clientSecret,
            String scope) {}

    /** The index. {@code url} unset: the embedded OpenSearch. */
    public record OpenSearch(
            @HttpUrl URI url,
            @NotNull String username,
            @NotNull Secret password,

            @NotNull @Pattern(regexp = "[a-z0-9][a-z0-9_-]*", message = "takes lower-case letters, digits, - and _")
            String alias,

            @NotNull Resource mapping,

            @NotNull @DurationMin(millis = 1, message = LONGER_THAN_0)
            Duration patience,

            @NotNull @Valid Sweep sweep,
            @NotNull @Valid Embedded embedded) {}

    /** What a sweep does with the documents of people who have left. */
    public enum SweepMode {
        REMOVE,
        DRY_RUN,
        OFF
    }

    /**
     * A sweep is refused when more than both would go.
     *
     * @param maxShare of the people in the index, from 0 to 1
     * @param maxPeople their number
     */
    public record Sweep(
            @NotNull SweepMode mode,
            @DecimalMin("0.0") @DecimalMax("1.0") double maxShare,
            @Min(0) int maxPeople) {}

    /**
     * The OpenSearch started as a child process. {@code home} unset: the folder {@code opensearch} of a packaged
     * distribution, else the one that the build unpacked.
     *
     * @param port TCP port on 127.0.0.1; 0 means any free one
     * @param heap the child's Java heap, for both {@code -Xms} and {@code -Xmx}
     */
    public record Embedded(
            Path home,
            @Min(0) @Max(65_535) int port,
            @NotNull @MoreThanNothing DataSize heap,
            @NotNull Path data,
            @NotNull Path log,

            @NotNull @DurationMin(millis = 1, message = LONGER_THAN_0)
            Duration startTimeout) {

        /** The same on another port. */
        public Embedded withPort(int other) {
            return new Embedded(home, other, heap, data, log, startTimeout);
        }
    }

    /**
     * The ledger. {@code url} unset: a file of H2's.
     *
     * @param keep how long batches that have ended are kept
     */
    public record Database(
            @Pattern(regexp = "jdbc:postgresql:.*", message = "must be a JDBC URL of PostgreSQL, jdbc:postgresql://…")
            String url,

            @NotNull String username,
            @NotNull Secret password,
            @NotNull Path file,

            @NotNull @DurationMin(days = 1, message = "must be a day or longer")
            Duration keep) {}

    /** The CSV files: {@code <folder>/<indexer>/<batch_id>.csv}. */
    public record Csv(@NotNull Path folder, boolean neutraliseFormulas) {}

    /** Files of queries: {@code in} is watched for them, {@code out} gets the results. */
    public record Extract(
            @NotNull Path in,
            @NotNull Path out,
            @NotNull @Valid Retry retry) {}

    /** The demo API. {@code port} 0 means any free one. */
    public record Demo(
            @NotNull Path people, @Min(0) @Max(65_535) int port) {}
}
