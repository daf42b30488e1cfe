package org.colleaguesearch.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Map;
import org.colleaguesearch.indexing.SearchDeclaration;
import org.colleaguesearch.indexing.Searched;
import org.colleaguesearch.web.ProblemException.Fault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the contract says of the filters, facets, suggestions and results that indexers declare. */
class DeclaredNamesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Searched WORKS = SearchDeclaration.read(
            "works",
            Map.of("search", "title^2, venue", "filters", "venue, year", "show", "title, venue, year")::get,
            List.of());

    @RegisterExtension
    static final EdgeApplication APPLICATION = EdgeApplication.SHARED;

    @Test
    void servedDocumentNamesWhatIsDeclared() throws IOException {
        JsonNode schemas = EdgeApplication.json(
                        APPLICATION.send(HttpRequest.newBuilder(APPLICATION.uri("/openapi.json"))))
                .at("/components/schemas");

        assertThat(schemas.at("/SearchFilters/properties").fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder(
                        "active",
                        "city",
                        "country",
                        "function",
                        "functions.code",
                        "functions.title",
                        "geography.city",
                        "geography.country",
                        "memberships.organization",
                        "organization");
        assertThat(schemas.at("/Hit/properties").fieldNames())
                .toIterable()
                .contains("patents", "functions", "memberships", "place")
                .doesNotContain("geography");
        assertThat(schemas.at("/Suggestions/required").toString()).contains("cities", "functions", "organizations");
    }

    @Test
    void namesASectionThatNothingElseKnows() throws JsonProcessingException {
        JsonNode schemas =
                JSON.readTree(new ApiContract(() -> List.of(WORKS)).json()).at("/components/schemas");

        for (String schema : List.of("SearchFilters", "Facets")) {
            assertThat(schemas.at("/" + schema + "/properties").fieldNames())
                    .toIterable()
                    .contains("works.venue", "works.year")
                    .doesNotContain("works.title");
        }
        assertThat(schemas.at("/SearchRequest/properties/facets/items/enum").toString())
                .isEqualTo("[\"works.venue\",\"works.year\"]");
        assertThat(schemas.at("/SearchFilters/additionalProperties").asBoolean(true))
                .isFalse();
        assertThat(schemas.at("/Suggestions/properties").fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("people", "topics", "works.venue");
        assertThat(schemas.at("/Hit/properties/works/description").asText()).contains("title, venue, year");
        assertThat(schemas.at("/Hit/properties/works/items/properties/highlights")
                        .isMissingNode())
                .isFalse();
    }

    @Test
    void documentIsValidWithoutAnyDeclaration() throws JsonProcessingException {
        JsonNode schemas = JSON.readTree(new ApiContract(List::of).json()).at("/components/schemas");

        assertThat(schemas.at("/SearchFilters/properties").fieldNames())
                .toIterable()
                .containsExactly("active");
    }

    @Test
    void unknownNamesGetTheAcceptedOnes() throws IOException {
        assertThat(
                        faults(
                                "{\"filters\":{\"works.titel\":[\"x\"],\"works.venue\":[\"y\"]},\"facets\":[\"year\",\"works.year\"]}"))
                .containsExactly(
                        new Fault(
                                "/filters/works.titel",
                                "unknown filter; expected one of: works.venue, works.year, active"),
                        new Fault("/facets/0", "unknown facet; expected one of: works.venue, works.year"));
        assertThat(faults("{\"filters\":{\"works.year\":2021}}"))
                .containsExactly(new Fault("/filters/works.year", "integer found, array expected"));
        assertThat(faults("{\"filters\":{\"works.year\":[\"2021\"],\"active\":true},\"facets\":[]}"))
                .isEmpty();

        JsonNode problem = EdgeApplication.problem(
                APPLICATION.post("/api/expertise-search", "{\"filters\":{\"works.venue\":[\"Letters\"]}}"), 400);
        assertThat(problem.get("detail").asText())
                .startsWith("/filters/works.venue: unknown filter; expected one of: city, country, function,");
    }

    @Test
    void manyUnknownNamesAreReportedUpToTheLimit() throws JsonProcessingException {
        StringBuilder filters = new StringBuilder("{\"filters\":{\"a\":1");
        for (int i = 0; i < 10_000; i++) {
            filters.append(",\"a").append(i).append("\":1");
        }

        assertThat(faults(filters + "}}")).hasSize(ProblemException.MAX_FAULTS + 1);
    }

    private static List<Fault> faults(String body) throws JsonProcessingException {
        ApiContract contract = new ApiContract(() -> List.of(WORKS));
        Operation search = contract.operations().stream()
                .filter(operation -> operation.id().equals("expertise-search"))
                .findFirst()
                .orElseThrow();
        return contract.faults(search, JSON.readTree(body));
    }
}
