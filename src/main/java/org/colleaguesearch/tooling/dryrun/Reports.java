package org.colleaguesearch.tooling.dryrun;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.colleaguesearch.delivery.CsvDialect;
import org.colleaguesearch.delivery.CsvRows;
import org.colleaguesearch.delivery.Documents;
import org.colleaguesearch.delivery.InexactNumbers;
import org.colleaguesearch.indexing.ChunkOutcomes;
import org.colleaguesearch.indexing.Failed;
import org.colleaguesearch.indexing.Fetched;
import org.colleaguesearch.indexing.Indexers;
import org.colleaguesearch.indexing.Outcome;
import org.colleaguesearch.tooling.dryrun.DryRunReport.Failure;
import org.colleaguesearch.tooling.dryrun.DryRunReport.Tried;
import org.springframework.stereotype.Component;

/** Turns outcomes into reports of what a delivery would write. Stateless. */
@Component
class Reports {
    /** Sorts the fields of a document, which have no order, and shows numbers unchanged. */
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private final Indexers indexers;
    private final Documents documents;
    private final CsvRows rows;
    private final CsvDialect dialect;

    Reports(Indexers indexers, Documents documents, CsvRows rows, CsvDialect dialect) {
        this.indexers = indexers;
        this.documents = documents;
        this.rows = rows;
        this.dialect = dialect;
    }

    DryRunReport of(ChunkOutcomes outcomes, Answers answers) {
        String indexer = outcomes.chunk().indexer();
        return new DryRunReport(
                indexer,
                dialect.text(indexers.get(indexer).header()),
                IntStream.range(0, outcomes.outcomes().size())
                        .mapToObj(i -> tried(outcomes, outcomes.outcomes().get(i), answers.of(i)))
                        .toList(),
                Excerpt.of(notes(indexer, outcomes.fetched().toList())));
    }

    private List<String> notes(String indexer, List<Fetched> fetched) {
        Stream<String> inexact = fetched.stream()
                .flatMap(each -> InexactNumbers.in(indexer, each.section()).stream()
                        .map(reason -> each.call().person().id() + ": " + reason));
        return Stream.of(
                        uncalled(indexer, fetched),
                        EmptyColumns.notes(indexers.get(indexer).columns(), fetched).stream(),
                        MixedTypes.notes(indexer, fetched).stream(),
                        inexact)
                .flatMap(notes -> notes)
                .toList();
    }

    /** The people whose sections are empty since they lack a value that the URL or body needs. */
    private Stream<String> uncalled(String indexer, List<Fetched> fetched) {
        List<String> needed = indexers.get(indexer).source().variables();
        return fetched.stream().map(each -> each.call().person()).flatMap(person -> {
            String lacking = needed.stream()
                    .filter(variable -> person.value(variable).isEmpty())
                    .collect(Collectors.joining(", "));
            return lacking.isEmpty()
                    ? Stream.empty()
                    : Stream.of(person.id() + ": an empty section without a call, since the person lacks " + lacking
                            + "; see colleagues.people.fields");
        });
    }

    private Tried tried(ChunkOutcomes all, Outcome outcome, List<JsonNode> responses) {
        return switch (outcome) {
            case Fetched fetched ->
                tried(
                        fetched,
                        responses,
                        Excerpt.of(JSON.<JsonNode>valueToTree(
                                documents.document(all.chunk().indexer(), fetched))),
                        Excerpt.of(rows.items(new ChunkOutcomes(all.chunk(), List.of(fetched))).stream()
                                .map(row -> dialect.text(row.values()))
                                .toList()),
                        null);
            case Failed failed ->
                tried(failed, responses, null, List.of(), new Failure(failed.reason(), failed.status()));
        };
    }

    private static Tried tried(
            Outcome outcome, List<JsonNode> responses, JsonNode document, List<String> rows, Failure error) {
        return new Tried(
                outcome.call().person().id(),
                outcome.call().person().name(),
                outcome.call().url(),
                outcome.attempts(),
                responses,
                document,
                rows,
                error);
    }
}
