package org.colleaguesearch.extract;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.colleaguesearch.delivery.CsvCells;
import org.colleaguesearch.delivery.CsvDialect;
import org.colleaguesearch.failure.PausedException;
import org.colleaguesearch.settings.Readers;
import org.colleaguesearch.settings.Settings;
import org.colleaguesearch.source.ApiFailures;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * Processes query files on behalf of routes. Thread-safe: its only state is whether the application is stopping, and each
 * extract is confined to one thread.
 */
@Component("extracts")
public class Extracts {
    private static final Logger LOG = LoggerFactory.getLogger(Extracts.class);
    /** Maximum number of people per query. */
    private static final int MAX_PEOPLE = 10;

    private final Settings.Extract settings;
    private final CsvCells cells;
    private final CsvDialect dialect;
    private final Readers readers;
    private volatile boolean stopping;

    Extracts(Settings settings, CsvDialect dialect) {
        this.settings = settings.extract();
        this.cells = new CsvCells(settings.csv().neutraliseFormulas());
        this.dialect = dialect;
        this.readers = settings.files().readableBy();
    }

    /** The extract of a query file. */
    public Extract of(String file) {
        return new Extract(Path.of(file), cells, dialect, readers);
    }

    /**
     * Validates and opens a file.
     *
     * @throws ExtractFailure if the file is invalid
     */
    public void begin(Extract extract) throws IOException {
        checkNotStopping();
        // Before the first search, since the extract could not finish without them.
        readers.makeFolder(folder("failed"));
        readers.makeFolder(folder("done"));
        readers.makeFolder(settings.out());
        int queries = QueryFile.check(extract.input());
        extract.begin(settings.out());
        LOG.info("extract {}: {} queries", extract.name(), queries);
    }

    /** The next chunk of queries of a file. */
    public List<Query> next(Extract extract) throws IOException {
        checkNotStopping();
        return extract.next();
    }

    /** The search request of a query: {@code SearchRequest} of the API contract. */
    public Map<String, Object> request(Query query) {
        checkNotStopping();
        return Map.of("query", query.text(), "size", MAX_PEOPLE);
    }

    /**
     * Stores the people found in a query.
     *
     * @param status the HTTP status, or null for 200
     * @param answer {@code SearchResponse} of the API contract, or {@code Problem}
     * @throws ExtractFailure if the search failed
     */
    public Query answered(Query query, Integer status, JsonNode answer) {
        if (status != null && status >= 300) {
            String why = query + " failed: HTTP " + status + ", "
                    + ApiFailures.firstLine(answer.path("detail").asText());
            throw status >= 500 || status == 429 ? new TransientFailure(why) : new ExtractFailure(why);
        }
        List<List<String>> found = new ArrayList<>();
        for (JsonNode hit : answer.path("hits")) {
            JsonNode person = hit.path("person");
            found.add(List.of(
                    Integer.toString(found.size() + 1),
                    person.path("id").asText(),
                    person.path("name").asText(),
                    hit.path("score").asText("")));
        }
        query.found(found);
        return query;
    }

    /** Writes the results of a chunk. */
    public void write(Extract extract, List<Query> chunk) throws IOException {
        extract.write(chunk);
    }

    /**
     * Renames the result into place, then moves the query file to {@code done}; after a crash in between, the file is
     * processed again. If the file was written to meanwhile, drops the result and leaves the file for another pass.
     */
    public void end(Extract extract) throws IOException {
        if (leaveIfWrittenTo(extract)) {
            return;
        }
        Path result = extract.end();
        extract.close();
        LOG.info("extract {}: {} rows in {}", extract.name(), extract.rows(), result);
        move(extract, folder("done"));
    }

    /**
     * Moves a failed file to {@code failed}, with the reason beside it. Leaves the file in place if the application is
     * stopping or the file was written to meanwhile.
     */
    public void fail(Extract extract, Exception failure) throws IOException {
        if (leaveIfWrittenTo(extract)) {
            return;
        }
        extract.close();
        if (stopping) {
            LOG.info("extract {} interrupted; it will be repeated at the next start", extract.name());
            return;
        }
        String reason = ApiFailures.reason(failure);
        LOG.error("extract {} failed: {}", extract.name(), reason);
        LOG.debug("extract {} failed", extract.name(), failure);
        if (extract.isThere()) {
            readers.write(
                    folder("failed").resolve(extract.input().getFileName() + ".error.txt"),
                    reason + System.lineSeparator());
        }
        move(extract, folder("failed"));
    }

    /** Whether a file is left in place, since it was picked up too early. */
    private static boolean leaveIfWrittenTo(Extract extract) throws IOException {
        if (!extract.isWrittenTo()) {
            return false;
        }
        extract.close();
        CompleteFileFilter.unmark(extract.input());
        LOG.warn(
                "extract {}: the file was written to during the extract; dropping the result and starting again when the"
                        + " file is complete",
                extract.name());
        return true;
    }

    /** Moves the file, unless another of the same name has replaced it, which still has to be processed. */
    private void move(Extract extract, Path folder) throws IOException {
        // First, so that the marker does not apply to the next file of that name.
        CompleteFileFilter.unmark(extract.input());
        if (!extract.isThere()) {
            LOG.info("extract {}: not moving the file, since it was removed or replaced", extract.name());
            return;
        }
        readers.narrow(extract.input());
        Files.move(
                extract.input(),
                folder.resolve(extract.input().getFileName()),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    private Path folder(String name) {
        return settings.in().resolve(name);
    }

    private void checkNotStopping() {
        if (stopping) {
            throw new PausedException("the application is stopping");
        }
    }

    /** Prevents new searches once the application is asked to stop. */
    @EventListener(ContextClosedEvent.class)
    @Order(Ordered.HIGHEST_PRECEDENCE)
    void stop() {
        stopping = true;
    }
}
