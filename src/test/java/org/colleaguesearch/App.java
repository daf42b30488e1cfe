package org.colleaguesearch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.colleaguesearch.cli.LaunchMode;
import org.colleaguesearch.runs.Batch;
import org.colleaguesearch.settings.Settings.Scope;
import org.colleaguesearch.tooling.check.CheckedStart;
import org.colleaguesearch.tooling.dryrun.DryRunReport;
import org.colleaguesearch.tooling.dryrun.DryRuns;
import org.colleaguesearch.web.NewKey;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The application in this JVM, with command-line arguments, the project's routes/ and application.yml, and all output
 * in the test's folder.
 */
final class App implements AutoCloseable {
    private static final NewKey NEW_KEY = NewKey.make("test", EnumSet.allOf(Scope.class));

    /** An API key with all scopes, accepted with {@link #withKey}. */
    static final String KEY = NEW_KEY.text();

    private static final String LEVEL = "--logging.level.";
    private static final AtomicInteger STARTED = new AtomicInteger();

    private final ConfigurableApplicationContext context;
    private final Path folder;
    /** The loggers whose level this application has changed. */
    private final List<String> loggers;

    private App(ConfigurableApplicationContext context, Path folder, List<String> loggers) {
        this.context = context;
        this.folder = folder;
        this.loggers = loggers;
    }

    /** Starts without triggers, as with {@code --once}. Delivers to CSV only, unless the arguments say otherwise. */
    static App start(Path folder, String... arguments) {
        return start(folder, LaunchMode.BATCH, List.of(), arguments);
    }

    /** Starts as a service whose API listens on any free port, without triggers. */
    static App service(Path folder, String... arguments) {
        return start(
                folder,
                LaunchMode.SERVICE,
                List.of(
                        "--server.port=0",
                        "--management.server.port=0",
                        "--colleagues.run-at-start=false",
                        "--colleagues.catch-up=false"),
                arguments);
    }

    /** Arguments that accept {@link #KEY}, without a rate limit. */
    static String[] withKey(String... arguments) {
        Matcher hash = Pattern.compile("hash: (\\S+)").matcher(NEW_KEY.settings());
        assertThat(hash.find()).isTrue();
        return Stream.concat(
                        Stream.of(
                                "--colleagues.web.keys[0].name=test",
                                "--colleagues.web.keys[0].hash=" + hash.group(1),
                                "--colleagues.web.keys[0].scopes=search,export,operate",
                                "--colleagues.web.requests-per-second=1000000"),
                        Arrays.stream(arguments))
                .toArray(String[]::new);
    }

    private static App start(Path folder, LaunchMode mode, List<String> settings, String... arguments) {
        List<String> all = new ArrayList<>(settings);
        all.addAll(List.of(
                "--colleagues.deliver-to=csv",
                "--colleagues.csv.folder=" + folder.resolve("csv"),
                "--colleagues.export.folder=" + folder.resolve("exports"),
                "--colleagues.extract.in=" + folder.resolve("in"),
                "--colleagues.extract.out=" + folder.resolve("extract"),
                "--colleagues.database.file=" + folder.resolve("ledger"),
                "--colleagues.apis.default.retry.first-delay=10ms",
                "--colleagues.apis.default.probe-every=10ms",
                // Quartz needs a unique name for each scheduler in a JVM.
                "--camel.main.name=app-" + STARTED.incrementAndGet(),
                // Otherwise close waits up to a second for idle Quartz threads.
                "--camel.component.quartz.interrupt-jobs-on-shutdown=true"));
        for (String argument : arguments) {
            String key = argument.substring(0, argument.indexOf('=') + 1);
            all.removeIf(other -> other.startsWith(key));
            all.add(argument);
        }
        SpringApplication application = mode.application(all);
        // A third of each start; those of processes are checked.
        application.setInitializers(application.getInitializers().stream()
                .filter(initializer -> !(initializer instanceof CheckedStart))
                .toList());
        return new App(
                application.run(all.toArray(String[]::new)),
                folder,
                all.stream()
                        .filter(argument -> argument.startsWith(LEVEL))
                        .map(argument -> argument.substring(LEVEL.length(), argument.indexOf('=')))
                        .toList());
    }

    /** Runs one batch to its end. */
    static Batch once(Path folder, String... arguments) {
        try (App app = start(folder, arguments)) {
            return app.runBatch("test");
        }
    }

    Batch runBatch(String trigger) {
        return context.getBean(ProducerTemplate.class).requestBody("direct:index-all", trigger, Batch.class);
    }

    /** Does the same as {@code once --full}. */
    Batch runFullBatch(String trigger) {
        return context.getBean(ProducerTemplate.class)
                .requestBodyAndHeader("direct:index-all", trigger, "full", true, Batch.class);
    }

    /** Continues unfinished batches to their end. */
    List<Batch> resume() {
        List<?> resumed = context.getBean(ProducerTemplate.class).requestBody("direct:resume", "test", List.class);
        return resumed.stream().map(Batch.class::cast).toList();
    }

    /** Does the same as {@code --dry-run}. */
    DryRunReport dryRun(String indexer, int limit) {
        return context.getBean(ProducerTemplate.class)
                .requestBody("direct:dry-run", context.getBean(DryRuns.class).of(indexer, limit), DryRunReport.class);
    }

    /** Does the same as {@code --retry-errors}. */
    Batch retryErrors(String batchId) {
        return context.getBean(ProducerTemplate.class).requestBody("direct:retry-errors", batchId, Batch.class);
    }

    /**
     * Requests an export and returns the response body.
     *
     * @param prefer a header, or null
     */
    String export(String caller, String jobId, List<String> urls, String prefer) {
        String body = "{\"job_id\":\"%s\",\"urls\":[\"%s\"]}".formatted(jobId, String.join("\",\"", urls));
        Map<String, Object> headers = new HashMap<>();
        headers.put("X-API-Caller", caller);
        headers.put("Prefer", prefer);
        return context.getBean(ProducerTemplate.class)
                .requestBodyAndHeaders("direct:create-export", body, headers, String.class);
    }

    /** The JSON response of an API operation to these headers. */
    JsonNode call(String operation, String body, Map<String, Object> headers) throws IOException {
        String answer = context.getBean(ProducerTemplate.class)
                .requestBodyAndHeaders("direct:" + operation, body, headers, String.class);
        return new ObjectMapper().readTree(answer);
    }

    /** Why an API operation refuses a run at this time. */
    String conflict(String operation, String runId) {
        Exchange answer = context.getBean(ProducerTemplate.class)
                .request(
                        "direct:" + operation, exchange -> exchange.getMessage().setHeader("run_id", runId));
        assertThat(answer.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE)).isEqualTo(409);
        return answer.getMessage().getBody(String.class);
    }

    /** The rows of the only run of an indexer, without the header. */
    static List<Map<String, String>> rows(Path folder, String indexer) {
        return read(file(folder, indexer, ".csv"));
    }

    /** The failed URLs of the only run of an indexer. */
    static List<Map<String, String>> errors(Path folder, String indexer) {
        return read(file(folder, indexer, ".errors.csv"));
    }

    /** The file of an indexer's only run with this suffix after the batch id. */
    static Path file(Path folder, String indexer, String suffix) {
        List<Path> found = files(folder.resolve("csv").resolve(indexer)).stream()
                .filter(file -> file.getFileName().toString().matches("\\d{8}T\\d{9}Z\\Q" + suffix + "\\E"))
                .toList();
        if (found.size() != 1) {
            throw new AssertionError("expected one file …" + suffix + " of " + indexer + ", found " + found);
        }
        return found.get(0);
    }

    /** All files under a folder; none if it does not exist. */
    static List<Path> files(Path folder) {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Map<String, String>> read(Path file) {
        CSVFormat format = CSVFormat.RFC4180
                .builder()
                .setHeader()
                .setSkipHeaderRecord(true)
                .get();
        try (CSVParser parser = CSVParser.parse(file, StandardCharsets.UTF_8, format)) {
            return parser.stream().map(CSVRecord::toMap).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    /** The port of health and metrics, or 0 if it is closed. */
    int managementPort() {
        return context.getEnvironment().getProperty("local.management.port", Integer.class, 0);
    }

    /** The port of the API, or 0 if it is closed. */
    int apiPort() {
        return context.getEnvironment().getProperty("local.server.port", Integer.class, 0);
    }

    boolean hasRoute(String id) {
        return context.getBean(CamelContext.class).getRoute(id) != null;
    }

    /** The beans whose class is in a package or its subpackages. */
    List<String> beansOf(String packageName) {
        return Arrays.stream(context.getBeanDefinitionNames())
                .filter(bean -> context.getType(bean) != null
                        && context.getType(bean).getName().startsWith(packageName + "."))
                .toList();
    }

    Path folder() {
        return folder;
    }

    @Override
    public void close() {
        context.close();
        // KeptLogback also keeps the levels; the next application resets only that of the root.
        LoggingSystem log = LoggingSystem.get(App.class.getClassLoader());
        loggers.stream().filter(logger -> !logger.equals("root")).forEach(logger -> log.setLogLevel(logger, null));
    }
}
