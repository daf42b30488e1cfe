package org.colleaguesearch.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.validation.ConstraintViolation;
import jakarta.validation.Validation;
import jakarta.validation.ValidatorFactory;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.util.unit.DataSize;

class SettingsTest {
    private static final String HASH = "sha256:" + "A".repeat(22) + ":" + "B".repeat(43);

    @Test
    void bindsAsShipped() {
        Settings settings = ShippedSettings.with();

        assertThat(violations(settings)).isEmpty();
        assertThat(settings.schedule()).isEqualTo("0 0 2 * * ?");
        assertThat(settings.timeZone()).isNull();
        assertThat(settings.ifLate()).isEqualTo(Settings.Late.RUN);
        assertThat(settings.catchUp()).isTrue();
        assertThat(settings.runAtStart()).isNull();
        assertThat(settings.deliverTo()).containsExactlyInAnyOrder(Settings.Target.OPENSEARCH, Settings.Target.CSV);
        assertThat(settings.indexing())
                .isEqualTo(
                        new Settings.Indexing(100, 4, List.of(), Settings.Unfinished.RESUME, Duration.ofHours(36), 5));
        assertThat(settings.search()).isEqualTo(new Settings.Search(Duration.ofSeconds(10), 50, true));
        assertThat(settings.database().url()).isNull();
        assertThat(settings.database().username()).isEmpty();
        assertThat(settings.database().password().isSet()).isFalse();
        assertThat(settings.database().file()).isEqualTo(Path.of("data/ledger"));
        assertThat(settings.database().keep()).isEqualTo(Duration.ofDays(30));
        assertThat(settings.files()).isEqualTo(new Settings.Files(Readers.OWNER, null));
        assertThat(settings.csv())
                .isEqualTo(new Settings.Csv(
                        Path.of("out/csv"), true, ",", Settings.Quote.MINIMAL, Settings.LineEnd.CRLF, false));
        assertThat(settings.export())
                .isEqualTo(new Settings.Export(
                        "default",
                        List.of(),
                        false,
                        Path.of("out/exports"),
                        100_000,
                        20,
                        5,
                        DataSize.ofGigabytes(1),
                        DataSize.ofGigabytes(10),
                        Duration.ofMinutes(5)));
        assertThat(settings.web()).isEqualTo(new Settings.Web(List.of(), 50, null, DataSize.ofMegabytes(16)));
        assertThat(settings.demo()).isEqualTo(new Settings.Demo(Path.of("demo/people.jsonl"), 0));
    }

    @Test
    void callsTheDemoApiWithoutCredentialsAsShipped() {
        Settings settings = ShippedSettings.with();
        Settings.Api api = settings.apis().get("default");

        assertThat(settings.people().api()).isEqualTo("default");
        assertThat(settings.people().path()).isEqualTo("/people?active=true&page=1&size=500");
        assertThat(api.baseUrl()).isNull();
        assertThat(api.connectTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(api.responseTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(api.maxResponseSize()).isEqualTo(DataSize.ofMegabytes(10));
        assertThat(api.retry()).isEqualTo(new Settings.Retry(5, Duration.ofMillis(500), 2.0, Duration.ofSeconds(30)));
        assertThat(api.patience()).isEqualTo(Duration.ofMinutes(10));
        assertThat(api.probeEvery()).isEqualTo(Duration.ofSeconds(5));
        assertThat(api.callsPerSecond()).isNull();
        assertThat(api.callsInFlight()).isNull();
        assertThat(api.auth().bearerToken().isSet()).isFalse();
        assertThat(api.auth().apiKey().isSet()).isFalse();
        assertThat(api.auth().oauth2().tokenUrl()).isNull();
        assertThat(api.auth().oauth2().scope()).isNull();
    }

    @Test
    void startsOpenSearchOfItsOwnAsShipped() {
        Settings.OpenSearch opensearch = ShippedSettings.with().opensearch();

        assertThat(opensearch.url()).isNull();
        assertThat(opensearch.username()).isEmpty();
        assertThat(opensearch.alias()).isEqualTo("colleagues");
        assertThat(opensearch.mapping().exists()).isTrue();
        assertThat(opensearch.embedded())
                .isEqualTo(new Settings.Embedded(
                        null,
                        0,
                        DataSize.ofMegabytes(512),
                        Path.of("data/opensearch"),
                        Path.of("logs/opensearch.log"),
                        Duration.ofMinutes(2)));
    }

    /** Names kept for people who come from the Python system, and those that secrets come by. */
    @Test
    void takesTheNamesOfTheEnvironment() {
        Settings settings = ShippedSettings.with(
                "BATCH_SIZE=7",
                "MAX_THREAD_INDEXER_LIMIT=2",
                "RUN_SPECIFIC_INDEXERS_ONLY=patents, functions",
                "API_CLIENT_ID=id",
                "API_CLIENT_SECRET=one",
                "API_BEARER_TOKEN=two",
                "API_KEY=three",
                "OPENSEARCH_USERNAME=admin",
                "OPENSEARCH_PASSWORD=four",
                "DATABASE_USERNAME=ledger",
                "DATABASE_PASSWORD=five");

        assertThat(settings.indexing().batchSize()).isEqualTo(7);
        assertThat(settings.indexing().parallelIndexers()).isEqualTo(2);
        assertThat(settings.indexing().only()).containsExactly("patents", "functions");
        assertThat(settings.apis().get("default").auth().oauth2().clientId()).isEqualTo("id");
        assertThat(settings.apis().get("default").auth().oauth2().clientSecret().reveal())
                .isEqualTo("one");
        assertThat(settings.apis().get("default").auth().bearerToken().reveal()).isEqualTo("two");
        assertThat(settings.apis().get("default").auth().apiKey().reveal()).isEqualTo("three");
        assertThat(settings.opensearch().username()).isEqualTo("admin");
        assertThat(settings.opensearch().password().reveal()).isEqualTo("four");
        assertThat(settings.database().username()).isEqualTo("ledger");
        assertThat(settings.database().password().reveal()).isEqualTo("five");
    }

    @Test
    void showsNoSecret() {
        assertThat(ShippedSettings.with(
                                "API_CLIENT_SECRET=hunter2",
                                "API_BEARER_TOKEN=hunter2",
                                "API_KEY=hunter2",
                                "OPENSEARCH_PASSWORD=hunter2",
                                "DATABASE_PASSWORD=hunter2")
                        .toString())
                .contains("***")
                .doesNotContain("hunter2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "schedule=",
                "schedule=nonsense",
                "schedule=0 0 25 * * ?",
                "schedule=0 0 2 * * *",
                "deliver-to=",
                "indexing.batch-size=0",
                "indexing.batch-size=10001",
                "indexing.parallel-indexers=0",
                "indexing.parallel-indexers=101",
                "indexing.chunk-attempts=0",
                "database.url=jdbc:mysql://db.example.org/colleagues",
                "database.url=db.example.org",
                "apis.default.base-url=ftp://people.example.org",
                "apis.default.base-url=people.example.org",
                "apis.default.base-url=https:///people",
                "apis.default.base-url=https://user:secret@people.example.org",
                "apis.default.base-url=https://people.example.org?key=x",
                "apis.default.base-url=https://people.example.org#x",
                "apis.default.base-url=https://a b",
                "people.path=people",
                "people.path=",
                "people.path=https://elsewhere.example.org/people",
                "people.api=",
                "apis.default.retry.attempts=0",
                "apis.default.retry.attempts=101",
                "apis.default.retry.multiplier=0.9",
                "apis.default.retry.multiplier=10.1",
                "apis.default.calls-per-second=0",
                "apis.default.calls-per-second=-1",
                "apis.default.calls-per-second=100001",
                "apis.default.calls-in-flight=0",
                "apis.default.calls-in-flight=10001",
                "apis.default.auth.api-key-header=",
                "apis.default.auth.oauth2.token-url=login.example.org",
                "opensearch.url=search.example.org:9200",
                "opensearch.url=https://user:secret@search.example.org:9200",
                "opensearch.alias=",
                "opensearch.alias=Colleagues",
                "opensearch.alias=_colleagues",
                "opensearch.alias=a/b",
                "opensearch.alias=a*",
                "search.connections=0",
                "search.connections=1001",
                "opensearch.embedded.port=-1",
                "opensearch.embedded.port=65536",
                "web.requests-per-second=0",
                "web.requests-per-second=1000001",
                "web.requests-in-flight=0",
                "export.max-urls=0",
                "export.max-urls=100001",
                "export.max-jobs=0",
                "export.max-jobs-per-key=0",
                "export.max-size=0B",
                "export.wait-at-most=0s",
                "demo.port=-1",
                "demo.port=65536",
            })
    void refusesValueOutOfRange(String setting) {
        String key = setting.substring(0, setting.indexOf('='));

        assertThat(violations(ShippedSettings.with("colleagues." + setting))).containsExactly(key);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://people.example.org",
                "people.example.org/path",
                "user@people.example.org",
                "people.example.org:x",
                "*",
                "10.0.0.0/8",
                "::1"
            })
    void refusesWhatIsNoHostThatExportsMayCall(String host) {
        assertThat(violations(ShippedSettings.with("colleagues.export.allowed-hosts=good.example.org," + host)))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "export.allowed-hosts=",
                "export.allowed-hosts=people.example.org, Other.example.org:8443, 10.0.0.1, [::1]:8080",
                "schedule=0/5 * * * * ?",
                "schedule=0 0 12 ? * MON-FRI",
                "time-zone=Europe/Stockholm",
                "time-zone=UTC",
                "time-zone=+02:00",
                "time-zone=GMT+2",
                "if-late=skip",
                "catch-up=false",
                "deliver-to=csv",
                "deliver-to=OpenSearch",
                "indexing.batch-size=1",
                "indexing.batch-size=10000",
                "apis.default.base-url=http://127.0.0.1:8080/hr/v2/",
                "apis.default.base-url=https://[::1]:8443",
                "apis.default.retry.attempts=1",
                "apis.default.retry.first-delay=0s",
                "apis.default.connect-timeout=1ms",
                "apis.default.max-response-size=1B",
                "apis.default.retry.attempts=100",
                "apis.default.calls-per-second=0.5",
                "apis.default.calls-per-second=100000",
                "apis.default.calls-in-flight=1",
                "apis.default.retry.multiplier=1.0",
                "apis.default.retry.multiplier=10.0",
                "opensearch.alias=it-xyz_2",
                "indexing.unfinished=abandon",
                "indexing.chunk-attempts=1",
                "database.url=jdbc:postgresql://db.example.org/colleagues?ssl=true",
                "database.keep=1d",
                "search.connections=1",
                "search.timeout=1ms",
                "opensearch.embedded.port=0",
                "demo.port=65535",
            })
    void takesValueInRange(String setting) {
        assertThat(violations(ShippedSettings.with("colleagues." + setting))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "colleagues.apis.default.auth.bearer-token=a, colleagues.apis.default.auth.api-key=b",
        "colleagues.apis.default.auth.api-key=a, colleagues.apis.default.auth.oauth2.token-url=https://login.example.org/",
        "colleagues.apis.default.auth.bearer-token=a, colleagues.apis.default.auth.oauth2.token-url=https://login.example.org/",
    })
    void refusesTwoKindsOfCredentials(String one, String other) {
        assertThat(violations(ShippedSettings.with(one, other))).hasSize(1);
        assertThat(violations(ShippedSettings.with(one))).isEmpty();
        assertThat(violations(ShippedSettings.with(other))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "schedule=0 99 2 * * ?",
                "schedule=0 0 2 30 2 ?",
                "schedule=0 0 2 * * ? 2020",
                "time-zone=+01:02:03",
                "apis.default.connect-timeout=0s",
                "apis.default.connect-timeout=-5s",
                "apis.default.response-timeout=0s",
                "apis.default.response-timeout=-5s",
                "apis.default.max-response-size=0B",
                "apis.default.max-response-size=-1MB",
                "apis.default.retry.first-delay=-1s",
                "apis.default.retry.max-delay=-1s",
                "apis.default.retry.max-delay=0s",
                "apis.default.patience=0s",
                "apis.default.probe-every=0s",
                "apis.default.probe-every=-5s",
                "indexing.resume-within=0s",
                "database.keep=23h",
                "database.keep=-30d",
                "opensearch.embedded.heap=0B",
                "web.max-request-size=0B",
                "opensearch.patience=0s",
                "search.timeout=0s",
                "search.timeout=-1s",
                "opensearch.embedded.start-timeout=-1s",
            })
    void refusesTimesAndSizesThatMakeNoSense(String setting) {
        String key = setting.substring(0, setting.indexOf('='));

        assertThat(violations(ShippedSettings.with("colleagues." + setting))).containsExactly(key);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "indexing.batch-size=many",
                "indexing.batch-size=1.5",
                "time-zone=Europe/Nowhere",
                "if-late=never",
                "catch-up=perhaps",
                "run-at-start=maybe",
                "indexing.unfinished=perhaps",
                "deliver-to=csv,paper",
                "apis.default.connect-timeout=5 parsecs",
                "people.items=.[",
                "apis.default.max-response-size=big",
                "apis.default.retry.multiplier=two",
            })
    void refusesValueOfAnotherType(String setting) {
        assertThatThrownBy(() -> ShippedSettings.with("colleagues." + setting)).isInstanceOf(BindException.class);
    }

    @Test
    void takesKeysOfTheApi() {
        Settings settings = ShippedSettings.with(keys(key("ada", HASH, "search, export"), key("bob", HASH, "operate")));

        assertThat(violations(settings)).isEmpty();
        assertThat(settings.web().keys()).extracting(Settings.Key::name).containsExactly("ada", "bob");
        assertThat(settings.web().keys().get(0).scopes())
                .containsExactlyInAnyOrder(Settings.Scope.SEARCH, Settings.Scope.EXPORT);
        assertThat(settings.toString()).doesNotContain("sha256");
    }

    @Test
    void refusesKeysThatCannotBeKnownApartOrAgain() {
        assertThat(violations(ShippedSettings.with(keys(key("ada", HASH, "search"), key("ada", HASH, "export")))))
                .containsExactly("web.distinct");
        assertThat(violations(ShippedSettings.with(keys(key("a.da", HASH, "search")))))
                .containsExactly("web.keys[0].name");
        assertThat(violations(ShippedSettings.with(keys(key("ada", "ada.the-key-itself", "search")))))
                .containsExactly("web.keys[0].hashed");
        assertThat(violations(ShippedSettings.with(keys(key("ada", HASH, ""))))).containsExactly("web.keys[0].scopes");
        assertThatThrownBy(() -> ShippedSettings.with(keys(key("ada", HASH, "everything"))))
                .isInstanceOf(BindException.class);
    }

    private static List<String> key(String name, String hash, String scopes) {
        return List.of("name=" + name, "hash=" + hash, "scopes=" + scopes);
    }

    @SafeVarargs
    private static String[] keys(List<String>... keys) {
        return IntStream.range(0, keys.length)
                .boxed()
                .flatMap(number -> keys[number].stream().map(line -> "colleagues.web.keys[" + number + "]." + line))
                .toArray(String[]::new);
    }

    @Test
    void takesEmptyOnlyAsAllIndexers() {
        assertThat(ShippedSettings.with("colleagues.indexing.only=").indexing().only())
                .isEmpty();
    }

    @Test
    void takesUrlOfApi() {
        assertThat(ShippedSettings.api("colleagues.apis.default.base-url=https://people.example.org/hr")
                        .baseUrl())
                .isEqualTo(URI.create("https://people.example.org/hr"));
    }

    /** The keys whose values are not accepted. */
    private static Set<String> violations(Settings settings) {
        try (ValidatorFactory factory = Validation.buildDefaultValidatorFactory()) {
            return factory.getValidator().validate(settings).stream()
                    .map(ConstraintViolation::getPropertyPath)
                    .map(path -> path.toString()
                            .replace("[default]", ".default")
                            .replaceAll("([a-z0-9])([A-Z])", "$1-$2")
                            .toLowerCase(Locale.ROOT))
                    .collect(Collectors.toSet());
        }
    }
}
