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

/** What a start with an invalid setting prints. Spring reads application.yml and the arguments as usual. */
class StartProblemsTest {
    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties({Settings.class, Pools.class})
    static class OnlyTheSettings {}

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "indexing.batch-size=many | many | a whole number",
                "indexing.batch-size=0 | 0 | greater than or equal to 1",
                "indexing.batch-size=10001 | 10001 | less than or equal to 10000",
                "indexing.batch-size= | empty | a whole number",
                "apis.default.connect-timeout=5 parsecs | 5 parsecs | a duration such as 500ms, 30s or 5m",
                "apis.default.response-timeout=0s | PT0S | longer than 0",
                "apis.default.max-response-size=0MB | 0B | more than 0",
                "apis.default.base-url=people.example.org | people.example.org | an http:// or https:// URL",
                "run-at-start=maybe | maybe | true or false",
                "time-zone=Mars | Mars | a time zone such as Europe/Stockholm or UTC",
                "time-zone=+01:02:03 | +01:02:03 | an offset in minutes such as +02:00",
                "if-late=maybe | maybe | run, skip",
                "opensearch.sweep.mode=delete | delete | remove, dry-run, off",
                "opensearch.alias=Colleagues | Colleagues | lower-case letters, digits, - and _",
                "schedule=at night | at night | a Quartz cron expression, such as \"0 0 2 * * ?\"",
                "schedule=0 99 2 * * ? | 0 99 2 * * ? | a Quartz cron expression, such as \"0 0 2 * * ?\"",
                "schedule=0 0 2 30 2 ? | 0 0 2 30 2 ? | no matching date in the future",
            })
    void namesKeyValueAndWhatIsAccepted(String setting, String value, String accepted, CapturedOutput output) {
        String key = setting.substring(0, setting.indexOf('='));

        assertThat(errors(output, "--colleagues." + setting))
                .startsWith("cannot start: colleagues." + key + " is " + value + " (\"colleagues." + key
                        + "\" from property source \"commandLineArgs\")")
                .contains(accepted)
                .hasLineCount(1);
    }

    @Test
    void namesUnknownSetting(CapturedOutput output) {
        assertThat(errors(output, "--colleagues.indexing.batchsize.typo=7"))
                .startsWith("cannot start: unknown setting colleagues.indexing.batchsize.typo (")
                .contains("application.yml")
                .hasLineCount(1);
    }

    @Test
    void reportsPoolWithoutThreads(CapturedOutput output) {
        assertThat(errors(output, "--camel.threadpool.config.patents.pool-size=0"))
                .startsWith("cannot start: camel.threadpool.config")
                .contains("patents", "pool-size is 0 (", "): must be greater than or equal to 1")
                .hasLineCount(1);
    }

    @Test
    void namesTheAcceptedItemsOfAList(CapturedOutput output) {
        assertThat(errors(output, "--colleagues.deliver-to=csv,paper"))
                .startsWith("cannot start: colleagues.deliver-to")
                .contains(" is csv,paper ", "opensearch, csv")
                .hasLineCount(1);
    }

    @Test
    void refusesSingleValueForAListOfSettings(CapturedOutput output) {
        assertThat(errors(output, "--colleagues.web.keys=ada"))
                .startsWith("cannot start: colleagues.web.keys has a value of its own (")
                .endsWith("expected settings below it, as in application.yml\n")
                .hasLineCount(1);
    }

    @Test
    void namesValueThatCameFromTheEnvironment(CapturedOutput output) {
        assertThat(errors(output, "--BATCH_SIZE=many"))
                .matches("(?s)cannot start: application\\.yml:\\d+:17: colleagues\\.indexing\\.batch-size is .*")
                .contains("many", "a whole number")
                .hasLineCount(1);
    }

    @Test
    void reportsEachInvalidSettingOnItsOwnLine(CapturedOutput output) {
        assertThat(errors(
                                output,
                                "--colleagues.indexing.batch-size=0",
                                "--colleagues.csv.delimiter=;;",
                                "--colleagues.demo.port=70000",
                                "--colleagues.people.path=x")
                        .lines())
                .containsExactly(
                        "cannot start: colleagues.csv.delimiter is ;;"
                                + " (\"colleagues.csv.delimiter\" from property source \"commandLineArgs\"): must be one of , ; | : ^ ~ and tab",
                        "cannot start: colleagues.demo.port is 70000"
                                + " (\"colleagues.demo.port\" from property source \"commandLineArgs\"): must be less than or equal to 65535",
                        "cannot start: colleagues.indexing.batch-size is 0"
                                + " (\"colleagues.indexing.batch-size\" from property source \"commandLineArgs\"): must be greater than or equal to 1",
                        "cannot start: colleagues.people.path is x"
                                + " (\"colleagues.people.path\" from property source \"commandLineArgs\"): must start with /");
    }

    @Test
    void reportsEmptySetting(CapturedOutput output) {
        assertThat(errors(output, "--colleagues.opensearch.alias="))
                .startsWith("cannot start: colleagues.opensearch.alias ")
                .hasLineCount(1);
        assertThat(errors(output, "--colleagues.apis.default.base-url="))
                .startsWith("cannot start: colleagues.apis.default.base-url is empty (")
                .endsWith("set a value or remove it\n")
                .hasLineCount(1);
    }

    @Test
    void refusesOAuthClientWithoutTokenUrl(CapturedOutput output) {
        assertThat(errors(output, "--API_CLIENT_ID=colleagues", "--API_CLIENT_SECRET=hunter2"))
                .contains("application.yml:", "colleagues.apis.default.auth.oauth2 ", "token-url")
                .doesNotContain("hunter2")
                .hasLineCount(1);
    }

    @Test
    void refusesSeveralKindsOfCredentials(CapturedOutput output) {
        assertThat(errors(
                        output,
                        "--colleagues.apis.default.auth.bearer-token=hunter2",
                        "--colleagues.apis.default.auth.api-key=hunter2"))
                .isEqualTo(
                        "cannot start: colleagues.apis.default.auth takes one of bearer-token, api-key, username and "
                                + "oauth2.token-url, not several\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--colleagues.apis.default.auth.bearer-token=hunter2",
                "--colleagues.apis.default.auth.api-key=hunter2",
                "--colleagues.apis.default.auth.oauth2.client-secret=hunter2",
                "--colleagues.opensearch.password=hunter2",
                "--colleagues.apis.default.auth.api-key.typo=hunter2",
                "--colleagues.apis.default.auth.bearertokn=hunter2",
                "--API_KEY=hunter2",
                "--colleagues.apis.default.base-url=http://ada:hunter2@exa mple",
                "--colleagues.apis.default.base-url=https://ada:hunter2@example.org",
                "--colleagues.apis.default.base-url=https://example.org?api_key=hunter2",
                "--colleagues.database.url=jdbc:mysql://ada:hunter2@example.org/x?password=hunter2",
                "--colleagues.apis.default.auth=hunter2",
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
    void printsTheMessageOfAStartFailure() {
        assertThat(new StartProblems(null)
                        .lines(new IllegalStateException(
                                "a bean could not be made",
                                new StartFailure("no room on disk", new RuntimeException("ENOSPC")))))
                .containsExactly("no room on disk");
    }

    @Test
    void printsTheDeepestCauseOfAnUnknownFailure() {
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
    void prefersKnownCauseOverTheRouteThatFailedBecauseOfIt(CapturedOutput output) {
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
