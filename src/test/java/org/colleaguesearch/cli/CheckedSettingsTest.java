package org.colleaguesearch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.colleaguesearch.settings.SettingProblem;
import org.colleaguesearch.settings.WrongSettings;
import org.colleaguesearch.tooling.check.CheckedSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;

/** The problems that a check and a start report for mistakes in application.yml and on the command line. */
class CheckedSettingsTest {
    @TempDir(cleanup = CleanupMode.ALWAYS)
    Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "  if-late: run | 'if-latte: run' | 13 | unknown setting colleagues.if-latte; did you mean colleagues.if-late?",
                "'        bearer-token: ${API_BEARER_TOKEN:}' | '        bearer-tokn: hunter2' | 22 | unknown setting colleagues.apis.default.auth.bearer-tokn; did you mean colleagues.apis.default.auth.bearer-token?",
                "'    # keys:' | '    keys: [{name: ada, hsh: hunter2, scopes: search}]' | 29 | unknown setting colleagues.web.keys[0].hsh; did you mean colleagues.web.keys[0].hash?",
                "'      # ssl-bundle: works' | '      ssl-bundle: works' | 19 | colleagues.apis.default.ssl-bundle is works: spring.ssl.bundle.pem.works is not set",
                "'    # Another API.' | '    works: {patience: 1m}\n    # Another' | 23 | colleagues.apis.works.base-url is not set: an API needs its address",
                "'${API_KEY:}' | '${WORKS_KEY}' | 18 | colleagues.apis.default.auth.api-key refers to WORKS_KEY, which is not set",
                "'    # csv: people.csv' | '    csv: gone.csv' | 10 | colleagues.people.csv: the file gone.csv cannot be read",
                "'    # database: hr' | '    database: hr' | 15 | colleagues.people.database is hr, but colleagues.databases.hr.url is not set; none is known",
                "'    api: default\n    # Its' | '    api: defalt\n    # Its' | 10 | colleagues.people.api is defalt, but colleagues.apis.defalt.base-url is not set; did you mean 'default'?",
                "'    heap: 512MB' | '    heap: 512MB\n      knights: 7' | 16 | unknown setting colleagues.opensearch.embedded.knights; application.yml lists all settings",
                "'    shutdown-timeout: 20' | '    shutdown-timeot: 20' | 22 | unknown setting camel.main.shutdown-timeot; did you mean camel.main.shutdown-timeout?",
                "'chunks:\n        pool-size: 8' | 'chunks:\n        pool-size: 8\n        max-queue-sise: 2' | 25 | unknown setting camel.threadpool.config.chunks.max-queue-sise; did you mean camel.threadpool.config.chunks.max-queue-size?",
                "'  # ssl:' | '  ssll: {enabled: false}' | 19 | unknown setting server.ssll.enabled; did you mean server.ssl.enabled?",
                "'logging:\n  # Unset' | 'logging:\n  levle: {root: info}\n  # Unset' | 17 | unknown setting logging.levle.root; did you mean logging.level.root?",
                "'  batch-size: ${BATCH_SIZE:100}' | '  batch-size: 0' | 17 | colleagues.indexing.batch-size is 0: must be greater than or equal to 1",
                "'geography:\n        pool-size: 10' | 'geography:\n        pool-size: 0' | 20 | camel.threadpool.config.geography.pool-size is 0: must be greater than or equal to 1",
                "'geography:\n        pool-size: 10' | 'maxPool:\n        pool-size: 0' | 20 | camel.threadpool.config.maxPool.pool-size is 0: must be greater than or equal to 1",
                "'  port: 8080' | '  port: 80800' | 9 | server.port is 80800: must be less than or equal to 65535",
                "'    port: 8090' | '    port: -2' | 11 | management.server.port is -2: must be greater than or equal to -1",
                "'    root: info' | '    root: inof' | 11 | logging.level.root is inof; expected one of: trace, debug, info, warn, error, fatal, off",
                "'    sampling:\n      # The' | '    enabled: maybe\n    sampling:\n      # The' | 14 | management.tracing.enabled is maybe; expected true or false (Invalid boolean value 'maybe')",
                "mode: remove | mode: delete | 13 | colleagues.opensearch.sweep.mode is delete; expected one of: remove, dry-run, off",
                "'${RUN_SPECIFIC_INDEXERS_ONLY:}' | patnets | 11 | colleagues.indexing.only (RUN_SPECIFIC_INDEXERS_ONLY): no indexer 'patnets' in the route files; did you mean 'patents'?",
                "'classpath:mappings/colleagues.json' | 'file:gone.json' | 14 | colleagues.opensearch.mapping: cannot read URL [file:gone.json]: gone.json (No such file or directory)",
                "'classpath:mappings/colleagues.json' | 'file:README.md' | 14 | colleagues.opensearch.mapping: cannot read URL [file:README.md]: Unexpected character ('#' (code 35)): expected a valid value (JSON String, Number, Array, Object or token 'null', 'true' or 'false')",
            })
    void namesThePlaceAndTheNearestKey(String shipped, String slip, int column, String line) throws IOException {
        String text = Files.readString(Path.of("application.yml"));
        assertThat(text).contains(shipped.replace("\\n", "\n"));
        String before = text.substring(0, text.indexOf(shipped.replace("\\n", "\n")));

        List<String> lines = linesOf(text.replace(shipped.replace("\\n", "\n"), slip.replace("\\n", "\n")));

        assertThat(lines).singleElement().asString().endsWith(":" + column + ": " + line);
        int number = Integer.parseInt(lines.get(0).replaceFirst("^.*?application\\.yml:(\\d+):.*", "$1"));
        assertThat(number)
                .isBetween((int) before.lines().count(), (int) before.lines().count() + 3);
    }

    @Test
    void reportsValuesOfWrongTypeAndInvalidValuesTogether() {
        assertThat(problems(
                        "--colleagues.indexing.batch-size=0",
                        "--colleagues.apis.default.retry.attempts=0",
                        "--colleagues.apis.default.connect-timeout=5sec",
                        "--colleagues.catch-up=maybe",
                        "--camel.threadpool.config.fetch.poolSize=many",
                        "--server.port=70000"))
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("camel.threadpool.config.fetch.poolsize is many ("),
                        line -> assertThat(line).startsWith("colleagues.apis.default.connect-timeout is 5sec ("),
                        line -> assertThat(line).startsWith("colleagues.apis.default.retry.attempts is 0 ("),
                        line -> assertThat(line).startsWith("colleagues.catch-up is maybe ("),
                        line -> assertThat(line).startsWith("colleagues.indexing.batch-size is 0 ("),
                        line -> assertThat(line).startsWith("server.port is 70000 ("));
    }

    @Test
    void reportsEachInvalidItemOfAList() {
        assertThat(problems(
                        "--colleagues.deliver-to[0]=paper",
                        "--colleagues.deliver-to[1]=csv",
                        "--colleagues.deliver-to[2]=air"))
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("colleagues.deliver-to[0] is paper ("),
                        line -> assertThat(line).startsWith("colleagues.deliver-to[2] is air ("));
    }

    @Test
    void reportsFoldersAndFilesOfRoutesThatDoNotExist() throws IOException {
        assertThat(linesOf(Files.readString(Path.of("application.yml"))
                        .replace("    folders: site/routes", "    folders: [src/test, gone, site/routes, /etc]")
                        .replace("    # exclude: routes/indexers/patents", "    exclude: routes/indexers/patnets")))
                .satisfiesExactly(
                        line -> assertThat(line)
                                .endsWith(":25: colleagues.routes.folders has gone, which is no folder: create it, or"
                                        + " remove it from the list"),
                        line -> assertThat(line)
                                .endsWith(":44: colleagues.routes.folders has /etc: expected folders inside the"
                                        + " current one, such as site/routes"),
                        line -> assertThat(line)
                                .contains(":14: colleagues.routes.exclude: no file matches"
                                        + " routes/indexers/patnets.camel.yaml: expected paths or patterns"));
    }

    @Test
    void doesNotReportInvalidValueAsMissingToo() {
        assertThat(problems("--colleagues.opensearch.embedded.heap=big", "--colleagues.opensearch.sweep.max-share=x"))
                .hasSize(2);
    }

    @Test
    void namesThePlaceOfTheListForAnItem() throws IOException {
        assertThat(linesOf(Files.readString(Path.of("application.yml"))
                        .replace("# allowed-hosts: people.example.org", "allowed-hosts: '*, b'")))
                .singleElement()
                .asString()
                .contains(":20: colleagues.export.allowed-hosts[0] is *: must be a host such as people.example.org");
    }

    @Test
    void namesFileOfCertificatesThatCannotBeRead() throws IOException {
        String text = Files.readString(Path.of("application.yml"))
                .replace("      # ssl-bundle: works", "      ssl-bundle: works");

        assertThat(linesOf(text + "\nspring.ssl.bundle.pem.works.truststore.certificate: gone.pem\n"))
                .singleElement()
                .asString()
                .endsWith(": spring.ssl.bundle.pem.works.truststore.certificate: the file gone.pem cannot be read");
    }

    @Test
    void reportsSettingsOutsideFilesFirstAndTheRestByLine() throws IOException {
        Path file = Files.writeString(
                folder.resolve("application.yml"),
                Files.readString(Path.of("application.yml"))
                        .replace("\"0 0 2 * * ?\"", "at night")
                        .replace("if-late: run", "if-late: rum")
                        .replace("keep: 30d", "keep: 1h"));

        assertThat(problems("--spring.config.location=file:" + file, "--colleagues.time-zone=Mars"))
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("colleagues.time-zone is Mars"),
                        line -> assertThat(line).contains("yml:9:13: colleagues.schedule is at night: "),
                        line -> assertThat(line).contains("yml:16:12: colleagues.if-late is rum; "),
                        line -> assertThat(line).contains("colleagues.database.keep is PT1H: "));
    }

    @Test
    void reportsAllProblems() throws IOException {
        String text = Files.readString(Path.of("application.yml"))
                .replace("if-late:", "if-latte:")
                .replace("port: 8080", "port: 88080")
                .replace("alias: colleagues", "alias: '!'");

        assertThat(linesOf(text)).hasSize(3).noneMatch(line -> line.contains("if-late is not set"));
    }

    /** Names that users may choose and that resemble no known setting. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "--logging.level.org.apache.camell=debug",
                "--logging.level.[org.example]=OFF",
                "--camel.threadpool.config.mine.pool-size=3",
                "--camel.threadpool.config.mine.max-queue-size=3",
                "--camel.component.http.connections-per-route=3",
                "--management.health.open-search.enabled=false",
                "--management.endpoint.health.group.mine.include=db",
                "--management.observations.enable.http.client=false",
                "--spring.config.import=optional:file:more.yml",
                "--server.sslBundle=x",
                "--colleagues.indexing.batchSize=7",
                "--site.base-url=http://127.0.0.1",
                "--BATCH_SIZE=7",
                "--tracing=1",
                "--x=",
            })
    void acceptsCustomNames(String setting) {
        assertThat(problems(setting)).isEmpty();
    }

    @Test
    void requiresTheDemoPeopleOnlyWhenTheyAreUsed() {
        assertThat(problems("--colleagues.demo.people=gone.jsonl"))
                .singleElement()
                .asString()
                .startsWith("colleagues.demo.people: ")
                .endsWith("gone.jsonl does not exist; set a file with one JSON object per line");
        assertThat(problems(
                        "--colleagues.demo.people=gone.jsonl", "--colleagues.apis.default.base-url=http://127.0.0.1"))
                .isEmpty();
        assertThat(problems("--colleagues.opensearch.mapping=file:gone.json", "--colleagues.deliver-to=csv"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--colleagues.indexing.batch-size=\u001b[31mx\nsecond",
                "--colleagues.opensearch.alias=\u202ex\nsecond",
                "--colleagues.deliver-to=\u001b[31mx",
                "--colleagues.indexing.only=x\u001b[31my",
            })
    void escapesTerminalControlCharacters(String setting) {
        assertThat(problems(setting))
                .singleElement()
                .asString()
                .doesNotContainPattern("[\\p{Cc}\\p{Cf}]")
                .contains("\uFFFD");
    }

    @Test
    void shortensHugeValuesButKeepsTheAdvice() {
        String huge = "X".repeat(100_000);

        assertThat(problems("--colleagues.opensearch.alias=" + huge))
                .singleElement()
                .asString()
                .hasSizeLessThan(1_000)
                .contains("X… (", "): takes lower-case letters, digits, - and _");
        assertThat(problems("--colleagues.indexing.batch-size=" + huge))
                .singleElement()
                .asString()
                .hasSizeLessThan(1_000)
                .contains("X…", "expected a whole number");
        assertThat(problems("--colleagues.indexing.only=" + huge))
                .singleElement()
                .asString()
                .hasSizeLessThan(1_002);
    }

    @Test
    void preventsTheStart(CapturedOutput output) {
        List<String> settings =
                List.of("--colleagues.opensearch.mapping=file:gone.json", "--colleagues.indexing.only=patnets");

        assertThatThrownBy(() -> LaunchMode.BATCH.application(settings).run(settings.toArray(String[]::new)))
                .isInstanceOf(WrongSettings.class);
        assertThat(output.getErr().lines()).hasSize(2).allMatch(each -> each.startsWith("cannot start: colleagues."));
        assertThat(output.getOut()).isEmpty();
    }

    private List<String> linesOf(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("application.yml"), text);
        return problems("--spring.config.location=file:" + file).stream()
                .peek(line ->
                        assertThat(line).startsWith(Path.of("").toAbsolutePath().relativize(file) + ":"))
                .toList();
    }

    private static List<String> problems(String... arguments) {
        return CheckedSettings.problems(new Check(List.of(arguments)).environment()).stream()
                .map(SettingProblem::toString)
                .toList();
    }
}
