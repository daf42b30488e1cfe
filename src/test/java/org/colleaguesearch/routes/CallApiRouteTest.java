package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JacksonException;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With a real HTTP client and server, since what reaches the server is what the route is for. */
class CallApiRouteTest {
    private static final LocalServer SERVER = new LocalServer(CallApiRouteTest::answer);

    @RegisterExtension
    static final RouteApplication APPLICATION = RouteApplication.of("call-api")
            .with("colleagues.api.base-url", SERVER.url())
            .with("colleagues.api.max-response-size", "1KB")
            .with("colleagues.api.auth.bearer-token", "s3cret");

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
        assertThat(called.getMessage().getBody()).isEqualTo(Sample.json("{\"name\":\"Zoë 😀\",\"n\":[1.50,null]}"));
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
    @ValueSource(ints = {301, 302, 400, 401, 404, 429, 500, 503})
    void otherStatusIsFailureThatKeepsStatusAndHeaders(int status) {
        answer = new LocalServer.Answer(
                status, Map.of("Retry-After", "7", "Location", SERVER.url() + "/elsewhere"), "{\"secret\":1}");

        HttpOperationFailedException failure = call("/people").getException(HttpOperationFailedException.class);

        assertThat(failure.getStatusCode()).isEqualTo(status);
        assertThat(failure.getResponseHeaders()).containsEntry("Retry-after", "7");
        assertThat(SERVER.requests()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"sample\":[{\"title\":\"A", "<html>", "nul", "", "{} {", "[] []"})
    void tornOrOtherAnswerIsFailureToReadJson(String body) {
        answer = LocalServer.Answer.ok(body);

        assertThat(call("/people").getException()).as("failure of '%s'", body).isInstanceOf(JacksonException.class);
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
