package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JacksonException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.camel.Exchange;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.colleaguesearch.source.ApiFailures;
import org.colleaguesearch.source.Request;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** With a real HTTP client and server, since what reaches the server is what the route is for. */
class CallApiRouteTest {
    private static final LocalServer SERVER = new LocalServer(CallApiRouteTest::answer);

    @RegisterExtension
    static final RouteApplication APPLICATION = RouteApplication.of("call-api")
            .with("colleagues.apis.default.base-url", SERVER.url())
            .with("colleagues.apis.default.max-response-size", "1KB")
            .with("colleagues.apis.default.auth.bearer-token", "s3cret");

    private static volatile LocalServer.Answer answer;

    @BeforeEach
    void reset() {
        SERVER.requests().clear();
        answer = LocalServer.Answer.ok("{}");
    }

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @Test
    void answersWithJson() {
        answer = LocalServer.Answer.ok("{\"name\":\"Zoë 😀\",\"n\":[1.50,null]}");

        Exchange called = call("/people/ada/patents");

        assertThat(called.getException()).isNull();
        assertThat(called.getMessage().getBody()).hasToString("{\"name\":\"Zoë 😀\",\"n\":[1.50,null]}");
        assertThat(called.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE)).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[0.12345678901234567890123,100000000000000000001.5,1E+400,1E-400]",
                "[123456789012345678901234567890,-9223372036854775809,9007199254740993]",
                "[1.0,1.10,0.30000000000000004]"
            })
    void takesNumbersDigitForDigit(String body) {
        answer = LocalServer.Answer.ok(body);

        assertThat(call("/people").getMessage().getBody()).hasToString(body);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"patents":[1],"patents":[]}    | patents
            {"a":{"b":1,"c":2,"b":1}}       | b
            [{"a":[{}],"a":null}]           | a
            {"":1,"":2}                     | ''
            {"a\\n\\u0000b":1,"a\\n\\u0000b":2} | a??b
            """)
    void keyThatComesTwiceIsFailureThatNamesIt(String body, String key) {
        answer = LocalServer.Answer.ok(body);

        assertUnreadable("the response has the duplicate key '" + key + "'");
    }

    @Test
    void takesTheSameKeyInSeveralObjects() {
        answer = LocalServer.Answer.ok("[{\"a\":1},{\"a\":{\"a\":2}}]");

        assertThat(call("/people").getMessage().getBody()).hasToString("[{\"a\":1},{\"a\":{\"a\":2}}]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "utf8", "\"utf-8\"", "ISO-8859-1", "windows-1252", "UTF-16", "UTF-16LE"})
    void takesTheCharsetThatTheContentTypeNames(String charset) {
        String body = "{\"name\":\"Zoë\"}";
        answer = LocalServer.Answer.ok(body)
                .withType("application/json; charset=" + charset)
                .withBytes(body.getBytes(Charset.forName(charset.replace("\"", ""))));

        Exchange called = call("/people");

        assertThat(called.getException()).isNull();
        assertThat(called.getMessage().getBody()).hasToString(body);
    }

    @Test
    void namesCharsetThatItCannotRead() {
        answer = LocalServer.Answer.ok("{}").withType("application/json; charset=x-klingon");

        assertUnreadable("unsupported charset of the response: x-klingon");
    }

    @Test
    void saysWhenTheAnswerIsInAnotherCharsetThanItSays() {
        byte[] latin = "{\"name\":\"Zoë\"}".getBytes(StandardCharsets.ISO_8859_1);
        answer = LocalServer.Answer.ok("").withBytes(latin);
        assertUnreadable("the response is not valid UTF-8, and its Content-Type names no other charset");

        answer = LocalServer.Answer.ok("")
                .withType("application/json; charset=Shift_JIS")
                .withBytes(new byte[] {'"', (byte) 0x81, '"'});
        assertUnreadable("the response is not valid Shift_JIS, the charset in its Content-Type");
    }

    /** On one exchange, as the pages of a list. */
    @Test
    void charsetOfAnAnswerIsNotThatOfTheNext() {
        answer = LocalServer.Answer.ok("{}").withType("application/json; charset=ISO-8859-1");
        Exchange first = call("/people");
        answer = LocalServer.Answer.ok("{\"name\":\"Zoë\"}");

        Exchange second = APPLICATION.send("call-api", exchange -> {
            exchange.setProperty(Exchange.CHARSET_NAME, first.getProperty(Exchange.CHARSET_NAME));
            exchange.getMessage().setBody(SERVER.url() + "/people");
        });

        assertThat(second.getMessage().getBody()).hasToString("{\"name\":\"Zoë\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"br", "zstd", "gzip, br", "hunter2"})
    void namesContentCodingThatItCannotRead(String coding) {
        answer = new LocalServer.Answer(200, Map.of("Content-Encoding", coding), "{}");

        assertUnreadable("unsupported Content-Encoding of the response: " + coding + "; supported: gzip, deflate");
    }

    @Test
    void readsGzipAndAsksForWhatItReads() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write("{\"a\":1}".getBytes(StandardCharsets.UTF_8));
        }
        answer = new LocalServer.Answer(200, Map.of("Content-Encoding", "gzip"), "").withBytes(packed.toByteArray());

        assertThat(call("/people").getMessage().getBody()).hasToString("{\"a\":1}");
        assertThat(SERVER.requests().getFirst().headers().getFirst("Accept-Encoding"))
                .isEqualTo("gzip, x-gzip, deflate");
    }

    private static void assertUnreadable(String reason) {
        Exchange called = call("/people");
        Exception failure = called.getException();

        assertThat(failure).isInstanceOf(JacksonException.class);
        assertThat(ApiFailures.reason(failure)).isEqualTo(reason);
        assertThat(APPLICATION.bean(ApiFailures.class).isTransient(called, failure))
                .isFalse();
    }

    @Test
    void takesAnswerThatAProxyHasChanged() {
        answer = new LocalServer.Answer(203, Map.of(), "{\"a\":1}");

        Exchange called = call("/people");

        assertThat(called.getMessage().getBody()).hasToString("{\"a\":1}");
        assertThat(called.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE)).isEqualTo(203);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/people?active=true&page=1&size=500",
                "/people/a%2Fb/patents",
                "/people/a%3Fb%23c%25/patents",
                "/people/%7B%7Bx%7D%7D/patents",
                "/people/%F0%9F%98%80/patents?a=%26&b=+"
            })
    void sendsTheUrlAsItIs(String target) {
        Exchange called = call(target);

        assertThat(called.getException()).isNull();
        assertThat(SERVER.requests()).singleElement().satisfies(request -> {
            assertThat(request.method()).isEqualTo("GET");
            assertThat(request.target()).isEqualTo(target);
            assertThat(request.body()).isEmpty();
        });
    }

    @Test
    void sendsCredentialsAndNoHeadersOfTheMessage() {
        APPLICATION.send("call-api", exchange -> {
            exchange.getMessage().setBody(SERVER.url() + "/people");
            exchange.getMessage().setHeader("X-Inner", "1");
        });

        assertThat(SERVER.requests()).singleElement().satisfies(request -> {
            assertThat(request.headers().getFirst("Authorization")).isEqualTo("Bearer s3cret");
            assertThat(request.headers().getFirst("Accept")).isEqualTo("application/json");
            assertThat(request.headers()).doesNotContainKeys("X-Inner", "X-inner");
        });
    }

    @Test
    void headersOfTheAnswerStayOutOfTheMessage() {
        answer = new LocalServer.Answer(200, Map.of("X-From-Api", "1", "CamelFileName", "../evil"), "{}");

        Exchange called = call("/people");

        assertThat(called.getMessage().getHeaders()).doesNotContainKeys("X-From-Api", Exchange.FILE_NAME);
    }

    @ParameterizedTest
    @ValueSource(ints = {201, 202, 204, 205, 206, 207, 226, 301, 302, 400, 401, 404, 429, 500, 503})
    void otherStatusIsFailureThatKeepsStatusAndHeaders(int status) {
        answer = new LocalServer.Answer(
                status, Map.of("Retry-After", "7", "Location", SERVER.url() + "/elsewhere"), "{\"secret\":1}");

        HttpOperationFailedException failure = call("/people").getException(HttpOperationFailedException.class);

        assertThat(failure.getStatusCode()).isEqualTo(status);
        assertThat(failure.getResponseHeaders()).containsEntry("Retry-after", "7");
        assertThat(SERVER.requests()).hasSize(1);
    }

    @Test
    void notModifiedHasNoBody() {
        answer = LocalServer.Answer.status(304);

        Exchange called = APPLICATION.send("call-api", exchange -> {
            exchange.setVariable("request", Request.GET.with(Map.of("If-None-Match", "\"1\"")));
            exchange.getMessage().setBody(SERVER.url() + "/people");
        });

        assertThat(called.getException()).isNull();
        assertThat(called.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE)).isEqualTo(304);
        assertThat(SERVER.requests())
                .singleElement()
                .satisfies(request ->
                        assertThat(request.headers().getFirst("If-None-Match")).isEqualTo("\"1\""));
    }

    @Test
    void notModifiedIsAFailureForACallThatDidNotAsk() {
        answer = LocalServer.Answer.status(304);

        assertThat(call("/people").getException()).hasMessageContaining("HTTP 304");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"sample\":[{\"title\":\"A", "<html>", "nul", "", "{} {", "[] []"})
    void tornOrOtherAnswerIsFailureToReadJson(String body) {
        answer = LocalServer.Answer.ok(body);

        assertThat(call("/people").getException()).as("failure of '%s'", body).isInstanceOf(JacksonException.class);
    }

    @Test
    void saysWhatAnAnswerIsThatIsNone() {
        answer = LocalServer.Answer.ok("");
        assertThat(ApiFailures.reason(call("/people").getException())).isEqualTo("the response is empty");

        answer = LocalServer.Answer.ok("[".repeat(1001));
        assertThat(ApiFailures.reason(call("/people").getException()))
                .startsWith("the response is nested too deeply, or has a number, string or key that is too long: ");
    }

    @Test
    void answerThatIsTooLargeIsFailure() {
        answer = LocalServer.Answer.ok("[" + " ".repeat(2000) + "]");

        assertThat(call("/people").getException()).hasMessageContaining("larger than max-response-size, 1024 bytes");
    }

    @Test
    void passesUrlToTheClientInOneHeader() throws Exception {
        try (RouteApplication mocked = RouteApplication.of("call-api")
                .with(
                        "call-api",
                        route -> route.weaveById("send-request").replace().to("mock:people-api"))
                .start()) {
            MockEndpoint api = mocked.mock("people-api");
            api.expectedHeaderReceived(Exchange.HTTP_URI, "http://people.test/people");
            api.whenAnyExchangeReceived(exchange -> exchange.getMessage().setBody("[]"));

            Exchange called = mocked.send("call-api", "http://people.test/people");

            api.assertIsSatisfied();
            assertThat(called.getMessage().getBody()).isEqualTo(Sample.json("[]"));
        }
    }

    private static Exchange call(String target) {
        return APPLICATION.send("call-api", SERVER.url() + target);
    }

    private static LocalServer.Answer answer(LocalServer.Request request) {
        return answer;
    }
}
