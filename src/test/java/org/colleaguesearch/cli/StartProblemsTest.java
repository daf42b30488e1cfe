package org.colleaguesearch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.camel.FailedToStartRouteException;
import org.colleaguesearch.failure.StartFailure;
import org.colleaguesearch.settings.Pools;
import org.colleaguesearch.settings.Settings;
import org.colleaguesearch.tooling.check.CheckedSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.context.annotation.Configuration;

/** What a start with a wrong setting prints, to the letter: Spring reads application.yml and the arguments as ever. */
class StartProblemsTest {
    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties({Settings.class, Pools.class})
    static class OnlyTheSettings {}

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "indexing.batch-size=many | is many (\"colleagues.indexing.batch-size\" from property source "
                        + "\"commandLineArgs\"): it must be a whole number (For input string: \"many\")",
                "indexing.batch-size=0    | is 0 (\"colleagues.indexing.batch-size\" from property source "
                        + "\"commandLineArgs\"): must be greater than or equal to 1",
                "indexing.batch-size=10001 | is 10001 (\"colleagues.indexing.batch-size\" from property source "
                        + "\"commandLineArgs\"): must be less than or equal to 10000",
                "api.connect-timeout=5 parsecs | is 5 parsecs (\"colleagues.api.connect-timeout\" from property source "
                        + "\"commandLineArgs\"): it must be a duration such as 500ms, 30s or 5m "
                        + "('5 parsecs' is not a valid duration)",
                "run-at-start=maybe | is maybe (\"colleagues.run-at-start\" from property source "
                        + "\"commandLineArgs\"): it must be true or false (Invalid boolean value 'maybe')",
                "time-zone=Mars | is Mars (\"colleagues.time-zone\" from property source \"commandLineArgs\"): it must "
                        + "be a time zone such as Europe/Stockholm or UTC (Unknown time-zone ID: Mars)",
                "if-late=maybe | is maybe (\"colleagues.if-late\" from property source \"commandLineArgs\"): it must "
                        + "be run or skip",
                "opensearch.sweep.mode=delete | is delete (\"colleagues.opensearch.sweep.mode\" from property source "
                        + "\"commandLineArgs\"): it must be remove or dry-run or off",
                "opensearch.alias=Colleagues | is Colleagues (\"colleagues.opensearch.alias\" from property source "
                        + "\"commandLineArgs\"): takes lower-case letters, digits, - and _",
                "api.base-url=people.example.org | is people.example.org (\"colleagues.api.base-url\" from property source "
                        + "\"commandLineArgs\"): must be an http:// or https:// URL with a "
                        + "host, and no user, query or fragment",
                "schedule=at night | is at night (\"colleagues.schedule\" from property source "
                        + "\"commandLineArgs\"): must be a Quartz cron expression, such as \"0 0 2 * * ?\" for two "
                        + "o'clock every night",
                "schedule=0 99 2 * * ? | is 0 99 2 * * ? (\"colleagues.schedule\" from property source "
                        + "\"commandLineArgs\"): must be a Quartz cron expression, such as \"0 0 2 * * ?\" for two "
                        + "o'clock every night",
                "schedule=0 0 2 30 2 ? | is 0 0 2 30 2 ? (\"colleagues.schedule\" from property source "
                        + "\"commandLineArgs\"): never fires: no matching date in the future; check the day, month and year",
                "time-zone=+01:02:03 | is +01:02:03 (\"colleagues.time-zone\" from property source "
                        + "\"commandLineArgs\"): must be a time zone such as Europe/Stockholm or UTC, or an offset in "
                        + "minutes such as +02:00",
                "indexing.batchsize.typo=7 | is no setting (\"colleagues.indexing.batchsize.typo\" from property source "
                        + "\"commandLineArgs\"): application.yml has all there are",
                "indexing.batch-size= | is empty (\"colleagues.indexing.batch-size\" from property source "
                        + "\"commandLineArgs\"): it must be a whole number (A null value cannot be assigned to a "
                        + "primitive type)",
                "api.response-timeout=0s | is PT0S (\"colleagues.api.response-timeout\" from property source "
                        + "\"commandLineArgs\"): must be longer than 0",
                "api.max-response-size=0MB | is 0B (\"colleagues.api.max-response-size\" from property source "
                        + "\"commandLineArgs\"): must be more than 0",
            })
    void namesKeyValueAndWhatIsAccepted(String setting, String complaint, CapturedOutput output) {
        String key = setting.substring(0, setting.indexOf('='));

        assertThat(errors(output, "--colleagues." + setting))
                .isEqualTo("cannot start: colleagues." + key + " " + complaint + "\n");
    }

    @Test
    void namesPoolWithoutThreads(CapturedOutput output) {
        assertThat(errors(output, "--camel.threadpool.config.patents.pool-size=0"))
                .startsWith("cannot start: camel.threadpool.config")
                .contains("patents", "pool-size is 0 (", "): must be greater than or equal to 1")
                .hasLineCount(1);
    }

    @Test
    void namesWhatAListTakes(CapturedOutput output) {
        assertThat(errors(output, "--colleagues.deliver-to=csv,paper"))
                .startsWith("cannot start: colleagues.deliver-to")
                .contains(" is csv,paper ", "opensearch or csv")
                .hasLineCount(1);
    }

    @Test
    void saysOfAListOfSettingsThatItIsNoValue(CapturedOutput output) {
        assertThat(errors(output, "--colleagues.web.keys=ada"))
                .isEqualTo(
                        "cannot start: colleagues.web.keys is one value (\"colleagues.web.keys\" from property source"
                                + " \"commandLineArgs\"): it takes a list of settings below it, as application.yml shows\n");
    }

    @Test
    void namesValueThatCameFromTheEnvironment(CapturedOutput output) {
        assertThat(errors(output, "--BATCH_SIZE=many"))
                .matches("(?s)cannot start: application\\.yml:\\d+:17: colleagues\\.indexing\\.batch-size is .*")
                .contains("many", "a whole number")
                .hasLineCount(1);
    }

    @Test
    void namesEachWrongSettingOnALineOfItsOwn(CapturedOutput output) {
        assertThat(errors(
                                output,
                                "--colleagues.indexing.batch-size=0",
                                "--colleagues.csv.delimiter=;;",
                                "--colleagues.demo.port=70000",
                                "--colleagues.api.people-path=x")
                        .lines())
                .containsExactly(
                        "cannot start: colleagues.api.people-path is x"
                                + " (\"colleagues.api.people-path\" from property source \"commandLineArgs\"): must start with /",
                        "cannot start: colleagues.csv.delimiter is ;;"
                                + " (\"colleagues.csv.delimiter\" from property source \"commandLineArgs\"): must be one of , ; | : ^ ~ and tab",
                        "cannot start: colleagues.demo.port is 70000"
                                + " (\"colleagues.demo.port\" from property source \"commandLineArgs\"): must be less than or equal to 65535",
                        "cannot start: colleagues.indexing.batch-size is 0"
                                + " (\"colleagues.indexing.batch-size\" from property source \"commandLineArgs\"): must be greater than or equal to 1");
    }

    @Test
    void saysThatSettingIsEmpty(CapturedOutput output) {
        assertThat(errors(output, "--colleagues.opensearch.alias="))
                .startsWith("cannot start: colleagues.opensearch.alias ")
                .hasLineCount(1);
        assertThat(errors(output, "--colleagues.api.base-url="))
                .isEqualTo("cannot start: colleagues.api.base-url is empty (\"colleagues.api.base-url\" from property "
                        + "source \"commandLineArgs\"): give it a value, or remove it\n");
    }

    @Test
    void namesTheKindsOfCredentialsOfWhichOnlyOneIsTaken(CapturedOutput output) {
        assertThat(errors(
                        output, "--colleagues.api.auth.bearer-token=hunter2", "--colleagues.api.auth.api-key=hunter2"))
                .isEqualTo("cannot start: colleagues.api.auth takes one of bearer-token, api-key and oauth2.token-url, "
                        + "not several\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--colleagues.api.auth.bearer-token=hunter2",
                "--colleagues.api.auth.api-key=hunter2",
                "--colleagues.api.auth.oauth2.client-secret=hunter2",
                "--colleagues.opensearch.password=hunter2",
                "--colleagues.api.auth.api-key.typo=hunter2",
                "--colleagues.api.auth.bearertokn=hunter2",
                "--API_KEY=hunter2",
                "--colleagues.api.base-url=http://ada:hunter2@exa mple",
                "--colleagues.api.base-url=https://ada:hunter2@example.org",
                "--colleagues.api.base-url=https://example.org?api_key=hunter2",
                "--colleagues.database.url=jdbc:mysql://ada:hunter2@example.org/x?password=hunter2",
                "--colleagues.api.auth=hunter2",
                "--colleagues.web.keys=hunter2",
            })
    void printsNoSecret(String secret, CapturedOutput output) {
        String errors = errors(output, secret, "--colleagues.indexing.batch-size=0");

        assertThat(errors).startsWith("cannot start: colleagues.");
        assertThat(output.getAll()).doesNotContain("hunter2");
    }

    @Test
    void startsAsShipped() {
        new SpringApplicationBuilder(OnlyTheSettings.class)
                .web(WebApplicationType.NONE)
                .run()
                .close();
    }

    @Test
    void saysWhatAStartFailureSays() {
        assertThat(new StartProblems(null)
                        .lines(new IllegalStateException(
                                "a bean could not be made",
                                new StartFailure("no room on disk", new RuntimeException("ENOSPC")))))
                .containsExactly("no room on disk");
    }

    @Test
    void saysTheDeepestCauseOfTheUnknown() {
        assertThat(new StartProblems(null)
                        .lines(new IllegalStateException("outer", new IllegalArgumentException("inner\nand more"))))
                .containsExactly("inner");
        assertThat(new StartProblems(null).lines(new IllegalStateException())).containsExactly("IllegalStateException");
    }

    private static String errors(CapturedOutput output, String... arguments) {
        int before = output.getErr().length();
        SpringApplicationBuilder application = new SpringApplicationBuilder(OnlyTheSettings.class)
                .web(WebApplicationType.NONE)
                .initializers(new CheckedSettings());
        assertThatThrownBy(() -> application.run(arguments)).isInstanceOf(RuntimeException.class);
        return output.getErr().substring(before);
    }

    @Test
    void saysWhatIsKnownBeforeTheRouteThatIsRefusedForIt(CapturedOutput output) {
        StartProblems problems = new StartProblems(null);
        problems.reportException(refused(new StartFailure("OpenSearch is gone")));
        problems.reportException(refused(new IllegalStateException("it will never fire")));

        assertThat(output.getErr().lines())
                .containsExactly("cannot start: OpenSearch is gone", "cannot start: it will never fire");
    }

    private static FailedToStartRouteException refused(RuntimeException cause) {
        return new FailedToStartRouteException("send-bulk", null, cause);
    }
}
