package org.colleaguesearch.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ResourceLock;

@ResourceLock(SharedApplication.ONE_AT_A_TIME)
class ListNodesRouteTest {
    @RegisterExtension
    static final SharedApplication API = SharedApplication.RUNS;

    @Test
    void onlyNodeIsItsOwnKeeper() throws Exception {
        JsonNode nodes = API.call("list-nodes", null, Map.of()).json().path("nodes");

        assertThat(nodes).hasSize(1);
        assertThat(nodes.path(0).path("keeper").asBoolean()).isTrue();
        assertThat(nodes.path(0).path("name").asText()).isNotEmpty();
        assertThat(nodes.path(0).path("failing")).isEmpty();
    }
}
