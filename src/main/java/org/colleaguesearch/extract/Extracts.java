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
 * What happens to files of queries, for routes to tell. Any thread may: it knows nothing but whether the application
 * stops, and an extract is one thread's.
 */
@Component("extracts")
public class Extracts {
    private static final Logger LOG = LoggerFactory.getLogger(Extracts.class);
    /** Rows a query. */
    private static final int FIRST = 10;

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

    /** A file that was dropped. */
    public Extract of(String file) {
        return new Extract(Path.of(file), cells, dialect, readers);
    }

    /**
     * Checks and opens a file.
     *
     * @throws ExtractFailure when something is wrong with it
     */
    public void begin(Extract extract) throws IOException {
        checkGoesOn();
        // Before anything is searched for: without these it could not be ended.
        readers.makeFolder(folder("failed"));
        readers.makeFolder(folder("done"));
        readers.makeFolder(settings.out());
        int queries = QueryFile.check(extract.input());
        extract.begin(settings.out());
        LOG.info("extract {}: {} queries", extract.name(), queries);
    }

    /** The next queries of a file. */
    public List<Query> next(Extract extract) throws IOException {
        checkGoesOn();
        return extract.next();
    }

    /** The search for a query: {@code SearchRequest} of the contract. */
    public Map<String, Object> request(Query query) {
        checkGoesOn();
        return Map.of("query", query.text(), "size", FIRST);
    }

    /**
     * Gives a query what the search has answered.
     *
     * @param status the HTTP status, or null for 200
     * @param answer {@code SearchResponse} of the contract, or {@code Problem}
     * @throws ExtractFailure when it is a problem
     */
    public Query answered(Query query, Integer status, JsonNode answer) {
        if (status != null && status >= 300) {
            String why = query + " cannot be searched for: " + status + ", "
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

    /** Writes what was found. */
    public void write(Extract extract, List<Query> chunk) throws IOException {
        extract.write(chunk);
    }

    /**
     * Puts the result into place, then the file away: after a crash in between, the file is done again. A file that was
     * written to meanwhile has no result, and stays, to be done again.
     */
    public void end(Extract extract) throws IOException {
        if (isLeft(extract)) {
            return;
        }
        Path result = extract.end();
        extract.close();
        LOG.info("extract {}: {} rows in {}", extract.name(), extract.rows(), result);
        move(extract, folder("done"));
    }

    /**
     * Puts a file away that cannot be done, and the reason beside it. When the application stops, or when the file was
     * written to meanwhile, it stays.
     */
    public void fail(Extract extract, Exception failure) throws IOException {
        if (isLeft(extract)) {
            return;
        }
        extract.close();
        if (stopping) {
            LOG.info("extract {} is left for the next start", extract.name());
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

    /** Whether a file is left where it is, since it was taken too early. */
    private static boolean isLeft(Extract extract) throws IOException {
        if (!extract.isWrittenTo()) {
            return false;
        }
        extract.close();
        SettledFiles.unmark(extract.input());
        LOG.warn(
                "extract {}: somebody writes to the file while it is searched for; its result is dropped, and it is searched"
                        + " for again when it is complete",
                extract.name());
        return true;
    }

    /** Not another of the same name that was dropped meanwhile: that one is still to be done. */
    private void move(Extract extract, Path folder) throws IOException {
        // First, so that none is left for the next file of the name.
        SettledFiles.unmark(extract.input());
        if (!extract.isThere()) {
            LOG.info("extract {}: the file is gone, or another one is in its place", extract.name());
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

    private void checkGoesOn() {
        if (stopping) {
            throw new PausedException("the application stops");
        }
    }

    /** No new search begins once the application is asked to stop. */
    @EventListener(ContextClosedEvent.class)
    @Order(Ordered.HIGHEST_PRECEDENCE)
    void stop() {
        stopping = true;
    }
}
