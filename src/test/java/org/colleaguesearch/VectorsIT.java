package org.colleaguesearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The application gives the texts that it has delivered their vectors, whatever happens in between. */
@Timeout(600)
class VectorsIT {
    private static final Index INDEX = new Index("it-vectors");

    @TempDir
    Path folder;

    @Test
    void serviceComputesWhatIsMissingAndGoesOnAfterARestart() throws IOException {
        List<ObjectNode> people = SamplePeople.madeUp(40);
        try (FaultyApi api = new FaultyApi(people)) {
            try (App app = service(api)) {
                app.runBatch("first");
            }
            assertThat(INDEX.documents()).hasSize(40);

            try (App app = service(api)) {
                await().until(() -> items().allMatch(VectorsIT::hasVector));
                Map<String, ObjectNode> first = INDEX.documents();

                // Nothing has changed but a title.
                ((ObjectNode) people.get(3).at("/patents/0")).put("title", "Preventing biofouling");
                app.runBatch("second");
                await().until(() -> items().allMatch(VectorsIT::hasVector));

                Map<String, ObjectNode> second = INDEX.documents();
                assertThat(second.get("p3").at("/patents/0/title").textValue()).isEqualTo("Preventing biofouling");
                assertThat(second.get("p3").at("/patents/0/_meaning/vector"))
                        .isNotEqualTo(first.get("p3").at("/patents/0/_meaning/vector"));
                second.remove("p3");
                first.remove("p3");
                assertThat(second).isEqualTo(first);
            }
        }
    }

    private App service(FaultyApi api) {
        return App.service(folder, arguments(api));
    }

    private static String[] arguments(FaultyApi api) {
        return INDEX.arguments("--colleagues.apis.default.base-url=" + api.url(), "--colleagues.search.meaning=true");
    }

    private static Stream<JsonNode> items() {
        return INDEX.documents().values().stream()
                .map(document -> document.path("patents"))
                .flatMap(items -> {
                    Stream.Builder<JsonNode> all = Stream.builder();
                    items.forEach(all::add);
                    return all.build();
                });
    }

    private static boolean hasVector(JsonNode item) {
        return item.at("/_meaning/vector").size() == 384;
    }
}
