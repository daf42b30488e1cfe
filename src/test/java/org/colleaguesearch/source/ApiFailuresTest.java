package org.colleaguesearch.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.colleaguesearch.failure.PausedException;
import org.colleaguesearch.settings.ShippedSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApiFailuresTest {
    private static final URI API = URI.create("https://api.example.org");

    private final ApiFailures failures =
            new ApiFailures(new Apis(ShippedSettings.with("colleagues.apis.default.retry.max-delay=30s"), API));

    private boolean isTransient(Exception failure) {
        return failures.isTransient(new DefaultExchange(new DefaultCamelContext()), failure);
    }

    @ParameterizedTest
    @ValueSource(ints = {202, 408, 425, 429, 500, 502, 503, 504, 599})
    void transientStatuses(int status) {
        assertThat(isTransient(http(status))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {201, 204, 205, 206, 207, 301, 302, 304, 400, 401, 403, 404, 410, 422, 451})
    void permanentStatuses(int status) {
        assertThat(isTransient(http(status))).isFalse();
    }

    @Test
    void brokenConnectionsAndResponsesAreTransient() {
        assertThat(isTransient(new ConnectException("Connection refused"))).isTrue();
        assertThat(isTransient(new SocketTimeoutException("Read timed out"))).isTrue();
        assertThat(isTransient(new SocketException("Connection reset"))).isTrue();
        assertThat(isTransient(new EOFException())).isTrue();
        assertThat(isTransient(notJson("{\"patents\":[{\"tit"))).isTrue();
        assertThat(isTransient(notJson("<html>"))).isTrue();
    }

    @Test
    void permanentFailuresAndBugsAreNotTransient() {
        assertThat(isTransient(new PermanentFailure("too large"))).isFalse();
        assertThat(isTransient(new IllegalStateException("a bug"))).isFalse();
        assertThat(isTransient(new PausedException("the API is down"))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "0, true",
        "30, true",
        "31, false",
        "86400, false",
        "999999999, false",
        "99999999999999999999, false",
        "30.001, false"
    })
    void isTransientOnlyIfTheRequestedDelayIsNotTooLong(String seconds, boolean passes) {
        assertThat(isTransient(http(503, "Retry-After", seconds))).isEqualTo(passes);
        assertThat(isTransient(http(429, "retry-after", seconds))).isEqualTo(passes);
    }

    @ParameterizedTest
    @CsvSource({"2, 2000", "' 2 ', 2000", "0, 0", "30, 30000", "2.5, 2500", "0.0001, 1", "000000000000002, 2000"})
    void readsRetryAfterInSeconds(String value, long millis) {
        assertThat(delay(http(429, "Retry-After", value))).isEqualTo(millis);
    }

    @Test
    void readsRetryAfterAsDate() {
        assertThat(delay(http(503, "Retry-After", inSeconds(20)))).isBetween(10_000L, 20_000L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "EEE, dd MMM yyyy HH:mm:ss 'GMT'",
                "EEEE, dd-MMM-yy HH:mm:ss 'GMT'",
                "EEE MMM ppd HH:mm:ss yyyy",
                "EEE MMM d HH:mm:ss yyyy"
            })
    void readsRetryAfterInEachDateFormatOfHttp(String form) {
        String date = DateTimeFormatter.ofPattern(form, Locale.ENGLISH)
                .format(ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(20));

        assertThat(delay(http(503, "Retry-After", date))).as(date).isBetween(10_000L, 20_000L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sun, 06 Nov 1994 08:49:37 GMT",
                "Sunday, 06-Nov-94 08:49:37 GMT",
                "Sun Nov  6 08:49:37 1994",
            })
    void readsDatesOfTheStandardAsPast(String date) {
        assertThat(delay(http(503, "Retry-After", date))).isZero();
    }

    @Test
    void readsDateInThePastAsNow() {
        assertThat(delay(http(503, "Retry-After", inSeconds(-3600)))).isZero();
    }

    @Test
    void dateTooFarAwayIsNotTransient() {
        assertThat(isTransient(http(503, "Retry-After", inSeconds(3600)))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "soon", "-5", "1,5", ".5", "2.", "1e3", "0x2", "Wed, 99 Foo 2026", "Sat Nov 31 10:00:00 2026"
            })
    void ignoresInvalidRetryAfter(String value) {
        assertThat(delay(http(429, "Retry-After", value))).isNull();
        assertThat(isTransient(http(429, "Retry-After", value))).isTrue();
    }

    @Test
    void leavesTheDelayToTheSettingsWithoutRetryAfter() {
        assertThat(delay(http(500))).isNull();
        assertThat(delay(new ConnectException("Connection refused"))).isNull();
    }

    @Test
    void givesTheReasonInOneLine() {
        assertThat(ApiFailures.reason(http(404))).isEqualTo("HTTP 404 Not Found");
        assertThat(ApiFailures.reason(http(799))).isEqualTo("HTTP 799");
        assertThat(ApiFailures.reason(http(429, "Retry-After", "120")))
                .isEqualTo("HTTP 429 Too Many Requests, retry after 120 s");
        assertThat(ApiFailures.reason(http(429, "Retry-After", "2.5")))
                .isEqualTo("HTTP 429 Too Many Requests, retry after 2.5 s");
        assertThat(ApiFailures.reason(http(202, "Retry-After", "5")))
                .isEqualTo("HTTP 202 Accepted: the response is not ready yet, retry after 5 s");
        assertThat(ApiFailures.reason(http(204))).isEqualTo("HTTP 204 No Content: the response is empty");
        assertThat(ApiFailures.reason(http(206))).isEqualTo("HTTP 206 Partial Content: the response is incomplete");
        assertThat(ApiFailures.reason(http(201))).isEqualTo("HTTP 201 Created: expected status 200");
        assertThat(ApiFailures.reason(new SocketTimeoutException("Read timed out\nat …")))
                .isEqualTo("timed out: Read timed out");
        assertThat(ApiFailures.reason(new ConnectException("Connect to x failed: Connection refused")))
                .isEqualTo("cannot connect: Connect to x failed: Connection refused");
        assertThat(ApiFailures.reason(new UnknownHostException("nowhere.invalid")))
                .isEqualTo("unknown host: nowhere.invalid");
        assertThat(ApiFailures.reason(new SocketException("Connection reset")))
                .isEqualTo("SocketException: Connection reset");
        assertThat(ApiFailures.reason(new PermanentFailure("too large"))).isEqualTo("too large");
        assertThat(ApiFailures.reason(new PausedException("the API is down"))).isEqualTo("the API is down");
        assertThat(ApiFailures.reason(new IllegalStateException("line one\r\nline two")))
                .isEqualTo("IllegalStateException: line one");
        assertThat(ApiFailures.reason(new IllegalStateException((String) null))).isEqualTo("IllegalStateException: ");
    }

    @Test
    void givesTheCauseOfWrappers() {
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());

        assertThat(ApiFailures.reason(new CamelExecutionException("wrapped", exchange, http(500))))
                .isEqualTo("HTTP 500 Internal Server Error");
    }

    @Test
    void shortensLongReasons() {
        assertThat(ApiFailures.reason(new IOException("x".repeat(100_000)))).hasSizeLessThan(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hunter2",
                "hunter2 is what it says",
                "{\"a\":hunter2}",
                "{\"a\":\"hunter2",
                "{\"a\":1}hunter2",
                "{hunter2:1}",
                "\"\\hunter2\"",
                "[1,2 hunter2]",
                "<html>hunter2</html>",
            })
    void doesNotQuoteResponseThatIsNotJson(String answer) {
        assertThat(ApiFailures.reason(notJson(answer)))
                .doesNotContain("hunter2")
                .doesNotContain("html")
                .startsWith("the response is ")
                .hasLineCount(1);
    }

    @Test
    void doesNotQuoteErrorResponse() {
        HttpOperationFailedException failure = new HttpOperationFailedException(
                "https://api.example.org/people?key=hunter2",
                500,
                "hunter2\nhunter2",
                "https://hunter2",
                Map.of("X-Secret", "hunter2", "Retry-After", "hunter2"),
                "hunter2");

        assertThat(ApiFailures.reason(failure)).isEqualTo("HTTP 500 Internal Server Error");
    }

    @Test
    void doesNotReportFailedSectionExpressionAsMalformedResponse() {
        assertThat(ApiFailures.reason(new JsonQueryException("Cannot index array with string \"patents\"")))
                .doesNotContain("not JSON");
    }

    @Test
    void givesStatusOnlyOfResponses() {
        assertThat(ApiFailures.status(http(404))).isEqualTo(404);
        assertThat(ApiFailures.status(new ConnectException("Connection refused")))
                .isNull();
    }

    private Long delay(Exception failure) {
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        exchange.setProperty(Exchange.EXCEPTION_CAUGHT, failure);
        failures.process(exchange);
        return exchange.getMessage().getHeader(Exchange.REDELIVERY_DELAY, Long.class);
    }

    private static HttpOperationFailedException http(int status) {
        return new HttpOperationFailedException("https://api.example.org/people", status, "", null, Map.of(), "body");
    }

    private static HttpOperationFailedException http(int status, String header, String value) {
        return new HttpOperationFailedException(
                "https://api.example.org/people", status, "", null, Map.of("Date", "now", header, value), "body");
    }

    private static String inSeconds(long seconds) {
        Duration fromNow = Duration.ofSeconds(seconds);
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(
                ZonedDateTime.now(ZoneOffset.UTC).plus(fromNow));
    }

    private static JsonProcessingException notJson(String answer) {
        ObjectMapper strict = new ObjectMapper()
                .enable(com.fasterxml.jackson.databind.DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
        return catchThrowableOfType(JsonProcessingException.class, () -> strict.readTree(answer));
    }
}
