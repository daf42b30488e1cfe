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
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.io.Resource;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Everything under {@code colleagues} in {@code application.yml}, which documents the unit, default and meaning of unset
 * for each setting. Immutable, validated at start: safe to share between threads.
 *
 * @param timeZone of {@code schedule}; unset: that of the machine
 * @param catchUp whether a batch that was due while the application was down starts at its next start
 */
@Validated
@ConfigurationProperties(prefix = "colleagues", ignoreUnknownFields = false)
public record Settings(
        @NotNull @Cron String schedule,
        @WholeMinutes ZoneId timeZone,
        @NotNull Late ifLate,
        boolean catchUp,
        Boolean runAtStart,
        @NotEmpty Set<Target> deliverTo,
        @DefaultValue Routes routes,
        @NotNull @Valid Indexing indexing,
        @NotNull @DefaultValue @Valid Guard guard,

        @NotEmpty
        Map<@Pattern(regexp = API_NAME, message = "takes lower-case letters, digits and -") String, @Valid Api> apis,

        @NotNull @DefaultValue @Valid People people,

        Map<@Pattern(regexp = API_NAME, message = "takes lower-case letters, digits and -") String, @Valid Source>
                databases,

        @NotNull @Valid OpenSearch opensearch,
        @NotNull @Valid Search search,
        @NotNull @Valid Database database,
        @NotNull @DefaultValue @Valid Cluster cluster,
        @NotNull @Valid Files files,
        @NotNull @Valid Csv csv,
        @NotNull @Valid Export export,
        @NotNull @Valid Web web,
        @NotNull @Valid Extract extract,
        @NotNull @Valid Demo demo) {
    /** The name of the API that is meant where none is named. */
    public static final String DEFAULT_API = "default";

    public static final String API_NAME = "[a-z][a-z0-9-]*";

    /** Of a person, for {@code {orcid}} in URLs. */
    public static final String FIELD_NAME = "(?!(id|name|active)$)[A-Za-z][A-Za-z0-9_]*";

    private static final String LONGER_THAN_0 = "must be longer than 0";

    public Settings {
        apis = apis == null ? Map.of() : Map.copyOf(apis);
        databases = databases == null ? Map.of() : Map.copyOf(databases);
    }

    /** Whether the demo API answers: no API has a base URL. */
    public boolean usesDemo() {
        return apis.values().stream().allMatch(api -> api.baseUrl() == null);
    }

    /** Where chunks are delivered. DATABASE is that of the ledger. */
    public enum Target {
        OPENSEARCH,
        CSV,
        DATABASE
    }

    /** What happens to a batch that was due when the scheduler could not start it. */
    public enum Late {
        RUN,
        SKIP
    }

    /** What happens to runs that a crash or a stop left unfinished. */
    public enum Unfinished {
        RESUME,
        ABANDON
    }

    /**
     * The route files. {@code live} unset: live editing is on with the embedded OpenSearch only.
     *
     * @param folders with the user's own files, beside {@code routes/}
     * @param exclude patterns for files that are left out
     */
    public record Routes(
            Boolean live, @DefaultValue("site/routes") List<Path> folders, List<String> exclude) {
        public Routes {
            folders = List.copyOf(folders);
            exclude = exclude == null ? List.of() : List.copyOf(exclude);
        }
    }

    /**
     * How a run is split into chunks, and when it is resumed. {@code only}: the indexers to run; empty means all.
     *
     * @param resumeWithin the age at which an unfinished run is abandoned
     * @param chunkAttempts how often a chunk is started before it is quarantined
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
     * What looks more like a fault of an API than like news.
     *
     * @param maxShare outcomes that empty more than this share of the sections that have items are held, 0 to 1
     * @param maxPeople unless they are of no more than this number of people
     * @param maxFailedShare the share of failed URLs, 0 to 1, from which on health is DEGRADED
     */
    public record Guard(
            @DefaultValue("0.1") @DecimalMin("0.0") @DecimalMax("1.0")
            double maxShare,

            @DefaultValue("10") @Min(0) int maxPeople,

            @DefaultValue("0.5") @DecimalMin("0.0") @DecimalMax("1.0")
            double maxFailedShare) {}

    /**
     * An API. {@code baseUrl} unset: the demo API. {@code callsPerSecond} and {@code callsInFlight} unset: no limit.
     *
     * @param sslBundle the name of a bundle below {@code spring.ssl.bundle}, or null
     * @param proxy an HTTP proxy; null: that of the environment, if any
     */
    public record Api(
            @HttpUrl URI baseUrl,

            @NotNull @DefaultValue("5s") @DurationMin(millis = 1, message = LONGER_THAN_0)
            Duration connectTimeout,

            @NotNull @DefaultValue("30s") @DurationMin(millis = 1, message = LONGER_THAN_0)
            Duration responseTimeout,

            @NotNull @DefaultValue("10MB") @PositiveSize DataSize maxResponseSize,
            @NotNull @DefaultValue @Valid Retry retry,

            @NotNull @DefaultValue("10m") @DurationMin(millis = 1, message = LONGER_THAN_0)
            Duration patience,

            @NotNull @DefaultValue("5s") @DurationMin(millis = 1, message = LONGER_THAN_0)
            Duration probeEvery,

            @DecimalMin("0.001") @DecimalMax("100000") Double callsPerSecond,

            @Min(1) @Max(10_000) Integer callsInFlight,
            String sslBundle,
            @HttpUrl URI proxy,
            @NotNull @DefaultValue @Valid Auth auth) {

        /** The same with other credentials. */
        public Api withAuth(Auth other) {
            return new Api(
                    baseUrl,
                    connectTimeout,
                    responseTimeout,
                    maxResponseSize,
                    retry,
                    patience,
                    probeEvery,
                    callsPerSecond,
                    callsInFlight,
                    sslBundle,
                    proxy,
                    other);
        }
    }

    /**
     * The list of people: from an API, a CSV file or a database. Of each item, that is an element of {@code items}, a
     * line of the file as an object, or a row, the other expressions take their values.
     *
     * @param api the name of the API that has it
     * @param path of its first page
     * @param csv the file; null: none
     * @param sql the query; null: none
     * @param database the name of the database for the query; null: that of the ledger
     * @param items takes the list of people from a page
     * @param id takes the id from a person, as do {@code name}, {@code active} and {@code fields}
     */
    public record People(
            @NotBlank @DefaultValue(DEFAULT_API) String api,

            @NotNull @Pattern(regexp = "/.*", message = "must start with /")
            String path,

            Path csv,
            String sql,
            String database,
            @NotNull @DefaultValue(".items") Jq items,
            @NotNull @DefaultValue(".id") Jq id,
            @NotNull @DefaultValue(".name") Jq name,
            @NotNull @DefaultValue(".active") Jq active,

            Map<@Pattern(regexp = FIELD_NAME, message = "takes letters, digits and _") String, Jq> fields,

            @NotNull @DefaultValue("next") Paging.Kind paging,
            @NotNull @DefaultValue(".next") Jq next,
            String pageParam,
            @Min(1) Integer pageSize,
            String sizeParam,
            @DefaultValue("1") @Min(0) int firstPage,
            Jq total) {
        public People {
            fields = fields == null ? Map.of() : Map.copyOf(fields);
        }

        @AssertTrue(message = "has both a csv file and a sql query; keep one of them")
        public boolean isFromOnePlace() {
            return csv == null || sql == null;
        }

        /** How its API divides it into pages. */
        public Paging pages() {
            return new Paging(paging, next, pageParam, sizeParam, pageSize, firstPage, total, "colleagues.people.");
        }
    }

    /** A database that has the list of people. */
    public record Source(
            @NotNull @Pattern(regexp = "jdbc:.*", message = "must be a JDBC URL, such as jdbc:postgresql://…")
            String url,

            @NotNull @DefaultValue("") String username,
            @NotNull @DefaultValue("") Secret password) {}

    /** How transient failures of calls and searches are retried. */
    public record Retry(
            @DefaultValue("5") @Min(1) @Max(100) int attempts,

            @NotNull @DefaultValue("500ms") @DurationMin(message = "must not be negative")
            Duration firstDelay,

            @DefaultValue("2.0") @DecimalMin("1.0") @DecimalMax("10.0")
            double multiplier,

            // To Camel, 0 means no limit.
            @NotNull @DefaultValue("30s") @DurationMin(millis = 1, message = LONGER_THAN_0)
            Duration maxDelay) {}

    /**
     * Credentials for an API, of at most one of the four kinds.
     *
     * @param apiKeyQuery the query parameter that the API key is sent in; null: it is sent in the header
     */
    public record Auth(
            @NotNull @DefaultValue("") Secret bearerToken,
            @NotNull @DefaultValue("") Secret apiKey,
            @NotBlank @DefaultValue("X-API-Key") String apiKeyHeader,

            @Pattern(regexp = "[A-Za-z0-9._~-]+", message = "takes letters, digits and . _ ~ -")
            String apiKeyQuery,

            @NotNull @DefaultValue("") @Pattern(regexp = "[^:]*", message = "must not contain a colon")
            String username,

            @NotNull @DefaultValue("") Secret password,
            @NotNull @DefaultValue @Valid OAuth2 oauth2) {

        private static final Secret UNSET = Secret.valueOf("");

        public static final Auth NONE = ofUser("", UNSET);

        public static Auth ofUser(String username, Secret password) {
            return new Auth(
                    UNSET, UNSET, "X-API-Key", null, username, password, new OAuth2(null, "", UNSET, UNSET, null));
        }

        public static Auth ofKeyInQuery(String parameter, Secret key) {
            return new Auth(UNSET, key, "X-API-Key", parameter, "", UNSET, NONE.oauth2);
        }

        @AssertTrue(message = "has a password without a username, so no credentials would be sent; set username")
        public boolean isWhole() {
            return username == null || !username.isEmpty() || password == null || !password.isSet();
        }

        @AssertTrue(message = "takes one of bearer-token, api-key, username and oauth2.token-url, not several")
        public boolean isUnambiguous() {
            int kinds = 0;
            kinds += bearerToken != null && bearerToken.isSet() ? 1 : 0;
            kinds += apiKey != null && apiKey.isSet() ? 1 : 0;
            kinds += username == null || username.isEmpty() ? 0 : 1;
            kinds += oauth2 == null || oauth2.tokenUrl == null ? 0 : 1;
            return kinds <= 1;
        }
    }

    /**
     * OAuth 2.0 client credentials (RFC 6749, section 4.4), or a refresh token (section 6). {@code tokenUrl} unset: not
     * used.
     */
    public record OAuth2(
            @HttpUrl URI tokenUrl,
            @NotNull @DefaultValue("") String clientId,
            @NotNull @DefaultValue("") Secret clientSecret,
            @NotNull @DefaultValue("") Secret refreshToken,
            String scope) {

        @AssertTrue(
                message = "has a client-id or refresh-token without a token-url, so no credentials would be sent; set"
                        + " token-url")
        public boolean isUsed() {
            boolean hasId = clientId != null && !clientId.isEmpty();
            boolean hasToken = refreshToken != null && refreshToken.isSet();
            return tokenUrl != null || (!hasId && !hasToken);
        }
    }

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
            @NotNull @Valid Embedded embedded) {

        /** The same index at another URL with other credentials. */
        public OpenSearch at(URI other, String user, Secret secret) {
            return new OpenSearch(other, user, secret, alias, mapping, patience, sweep, embedded);
        }
    }

    /**
     * Searches through the API.
     *
     * @param timeout of one search, including the wait for a connection
     * @param connections to OpenSearch, shared by all searches; further ones wait
     * @param meaning whether questions are compared with texts by meaning, not by words alone
     */
    public record Search(
            @NotNull @DurationMin(millis = 1, message = LONGER_THAN_0)
            Duration timeout,

            @Min(1) @Max(1_000) int connections,
            @DefaultValue("true") boolean meaning) {}

    /** What a sweep does with the documents of people who left. */
    public enum SweepMode {
        REMOVE,
        DRY_RUN,
        OFF
    }

    /**
     * A sweep is refused if it would remove more than both limits.
     *
     * @param maxShare of the people in the index, from 0 to 1
     * @param maxPeople number of people
     */
    public record Sweep(
            @NotNull SweepMode mode,
            @DecimalMin("0.0") @DecimalMax("1.0") double maxShare,
            @Min(0) int maxPeople) {}

    /**
     * The embedded OpenSearch, a child process. {@code home} unset: the folder {@code opensearch} of the distribution, else
     * the one unpacked by the build.
     *
     * @param port TCP port on 127.0.0.1; 0 means any free one
     * @param heap the child's Java heap, for both {@code -Xms} and {@code -Xmx}
     */
    public record Embedded(
            Path home,
            @Min(0) @Max(65_535) int port,
            @NotNull @PositiveSize DataSize heap,
            @NotNull Path data,
            @NotNull Path log,

            @NotNull @DurationMin(millis = 1, message = LONGER_THAN_0)
            Duration startTimeout) {

        /** The same settings with another port. */
        public Embedded withPort(int other) {
            return new Embedded(home, other, heap, data, log, startTimeout);
        }
    }

    /**
     * The ledger. {@code url} unset: an H2 file.
     *
     * @param patience how long a run waits for an unavailable database
     * @param keep how long finished batches are kept
     */
    public record Database(
            // H2 in memory is for dry runs only: its content is lost at the end.
            @Pattern(
                    regexp = "jdbc:(postgresql|h2:mem):.*",
                    message = "must be a JDBC URL of PostgreSQL, jdbc:postgresql://…")
            String url,

            @NotNull String username,
            @NotNull Secret password,
            @NotNull Path file,

            @NotNull @DurationMin(millis = 1, message = LONGER_THAN_0)
            Duration patience,

            @NotNull @DurationMin(days = 1, message = "must be a day or longer")
            Duration keep) {}

    /**
     * The nodes that share the work of runs.
     *
     * @param brokerUrl of Artemis; unset: this is the only node
     * @param node the name of this node; unset: that of the machine
     */
    public record Cluster(
            @Pattern(regexp = "|(tcp|\\(tcp).*", message = "must be a URL of Artemis, tcp://…")
            String brokerUrl,

            String username,
            Secret password,

            @Pattern(
                    regexp = "|[A-Za-z0-9][A-Za-z0-9._-]{0,99}",
                    message = "must have up to 100 letters, digits, '.', '_' and '-'")
            String node) {
        /** Whether this node shares the work with others. */
        public boolean isOn() {
            return brokerUrl != null && !brokerUrl.isEmpty();
        }
    }

    /**
     * The files that the application writes.
     *
     * @param readableBy who may read CSV files, exports and results of extracts
     * @param bucket of S3, for CSV files and exports; unset: they are kept in folders
     */
    public record Files(
            @NotNull Readers readableBy,

            @Pattern(
                    regexp = "|[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9]",
                    message = "must be the name of a bucket: 3 to 63 letters, digits, '.', '_' and '-'")
            String bucket) {
        /** Whether files are kept in a bucket. */
        public boolean usesBucket() {
            return bucket != null && !bucket.isEmpty();
        }
    }

    /** Which cells of a CSV file are quoted: those that need it, or all. */
    public enum Quote {
        MINIMAL,
        ALL
    }

    /** The line ending of CSV files. */
    public enum LineEnd {
        CRLF,
        LF
    }

    /**
     * The CSV files, {@code <folder>/<indexer>/<batch_id>.csv}, and the dialect of all CSV files.
     *
     * @param delimiter one character, or {@code tab}
     * @param bom whether files begin with a byte order mark
     */
    public record Csv(
            @NotNull Path folder,
            boolean neutraliseFormulas,

            @NotNull
            @DefaultValue(",")
            @Pattern(regexp = "[,;|:^~\t]|tab", message = "must be one of , ; | : ^ ~ and tab")
            String delimiter,

            @NotNull @DefaultValue("minimal") Quote quote,
            @NotNull @DefaultValue("crlf") LineEnd lineEnd,
            boolean bom) {

        public char delimiterCharacter() {
            return delimiter.length() == 1 ? delimiter.charAt(0) : '\t';
        }
    }

    /**
     * Exports on demand.
     *
     * @param api the name of the API whose credentials and limits the calls have
     * @param allowedHosts hosts, with or without port, that exports may call; empty: that of the API
     * @param allowPrivateAddresses whether these hosts may have addresses outside the public internet
     * @param maxUrls in one job
     * @param maxJobs in progress, of all API keys together
     * @param maxJobsPerKey in progress, of one API key
     * @param maxSize of one file
     * @param maxSizePerKey of all files of one API key
     * @param waitAtMost how long a request waits for its job
     */
    public record Export(
            @NotNull @DefaultValue(DEFAULT_API) String api,

            List<
                            @Pattern(
                                    regexp = "([A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})?",
                                    message = "must be a host such as people.example.org, or with a port")
                            String>
                    allowedHosts,
            boolean allowPrivateAddresses,
            @NotNull Path folder,
            @Min(1) @Max(100_000) int maxUrls,
            @Min(1) @Max(10_000) int maxJobs,
            @Min(1) @Max(10_000) int maxJobsPerKey,
            @NotNull @PositiveSize DataSize maxSize,
            @NotNull @PositiveSize DataSize maxSizePerKey,

            @NotNull @DurationMin(millis = 1, message = LONGER_THAN_0)
            Duration waitAtMost) {
        public Export {
            allowedHosts = allowedHosts == null ? List.of() : List.copyOf(allowedHosts);
        }
    }

    /** The operations that an API key may call, by their tag in the contract. */
    public enum Scope {
        SEARCH,
        EXPORT,
        OPERATE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * An API key. {@code hash}: of the key and a salt, as printed by {@code colleague-search make-key}.
     *
     * @param name of the caller, in the audit log and in the runs and exports that they start
     */
    public record Key(
            @NotNull
            @Pattern(regexp = NAME, message = "takes up to 64 letters, digits, - and _, a letter or digit first")
            String name,

            @NotNull Secret hash,
            @NotEmpty Set<Scope> scopes) {
        public static final String NAME = "[A-Za-z0-9][A-Za-z0-9_-]{0,63}";

        @AssertTrue(message = "takes the hash that make-key prints, not the key itself")
        public boolean isHashed() {
            return hash == null || hash.reveal().matches("sha256:[A-Za-z0-9_-]{22}:[A-Za-z0-9_-]{43}");
        }
    }

    /**
     * The API of this application, on {@code server.port}. {@code keys} empty: the first start makes one.
     *
     * @param requestsPerSecond of one key
     * @param requestsInFlight of all keys; each 64 KB of heap that a body takes counts as one more. Null: as many as fit
     *     into a quarter of the heap
     * @param maxRequestSize limit for request bodies
     */
    public record Web(
            @Valid List<Key> keys,
            @Min(1) @Max(1_000_000) int requestsPerSecond,
            @Min(1) @Max(1_000_000) Integer requestsInFlight,
            @NotNull @PositiveSize DataSize maxRequestSize) {
        public Web {
            keys = keys == null ? List.of() : List.copyOf(keys);
        }

        @AssertTrue(message = "has two keys of the same name")
        public boolean isDistinct() {
            return keys.stream().map(Key::name).distinct().count() == keys.size();
        }
    }

    /**
     * Bulk searches: query files are picked up from {@code in}, results are written to {@code out}.
     *
     * @param settle how long a file must be unchanged before it is read
     */
    public record Extract(
            @NotNull Path in,
            @NotNull Path out,

            @NotNull @DurationMin(message = "must not be negative")
            Duration settle,

            @NotNull @Valid Retry retry) {}

    /** The demo API. {@code port} 0 means any free one. */
    public record Demo(
            @NotNull Path people, @Min(0) @Max(65_535) int port) {}
}
