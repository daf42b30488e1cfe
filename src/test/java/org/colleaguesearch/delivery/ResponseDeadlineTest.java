package org.colleaguesearch.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.SocketTimeoutException;
import java.time.Duration;
import org.apache.hc.core5.util.Timeout;
import org.colleaguesearch.Replies;
import org.colleaguesearch.ScriptedServer;
import org.colleaguesearch.settings.ShippedSettings;
import org.junit.jupiter.api.Test;
import org.opensearch.client.Request;
import org.opensearch.client.RestClient;

@org.junit.jupiter.api.Timeout(60)
class ResponseDeadlineTest {
    @Test
    void abortsAResponseThatDripsBeyondTheTimeout() throws Exception {
        assertEnds(Replies.drip(100, Duration.ofMillis(200)));
    }

    @Test
    void abortsAResponseWhoseHeadersDrip() throws Exception {
        assertEnds(Replies.dripHeaders(Duration.ofMillis(200)));
    }

    @Test
    void abortsAResponseThatStalls() throws Exception {
        assertEnds(Replies.stall("{\"took\":"));
    }

    @Test
    void leavesACompleteResponseAlone() throws Exception {
        try (ScriptedServer server = new ScriptedServer(request -> Replies.json("{}"));
                RestClient client = client(server)) {
            assertThat(client.performRequest(new Request("GET", "/"))
                            .getStatusLine()
                            .getStatusCode())
                    .isEqualTo(200);
        }
    }

    /** The next request, over a new connection, gets its response. */
    private static void assertEnds(ScriptedServer.Reply first) throws Exception {
        try (ScriptedServer server =
                        new ScriptedServer(request -> request.target().equals("/bad") ? first : Replies.json("{}"));
                RestClient client = client(server)) {
            assertThatThrownBy(() -> client.performRequest(new Request("GET", "/bad")))
                    .isInstanceOf(SocketTimeoutException.class);
            assertThat(client.performRequest(new Request("GET", "/good"))
                            .getStatusLine()
                            .getStatusCode())
                    .isEqualTo(200);
        }
    }

    private static RestClient client(ScriptedServer server) {
        return OpenSearchConfiguration.client(
                server.url(), ShippedSettings.with().opensearch(), 2, Timeout.ofMilliseconds(800));
    }
}
