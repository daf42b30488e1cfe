package org.colleaguesearch.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.colleaguesearch.delivery.Outcomes.failed;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.dataformat.csv.CsvDataFormat;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.colleaguesearch.indexing.ChunkOutcomes;
import org.colleaguesearch.indexing.Fetched;
import org.colleaguesearch.indexing.FixedIndexers;
import org.colleaguesearch.ledger.TestLedger;
import org.colleaguesearch.settings.Settings;
import org.colleaguesearch.settings.ShippedSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What goes through rows, parts and the joined file comes out again at a reader of RFC 4180. */
class CsvRoundTripTest {
    private static final List<String> ODD = List.of(
            "plain",
            "",
            " leading and trailing ",
            "a \"quoted\" word",
            "\"",
            "\"\"",
            "a,b;c\td",
            ",",
            "line one\nline two",
            "line one\r\nline two",
            "ends with CR\r",
            "ends with LF\n",
            "NUL \u0000 inside",
            "Zoë 東京 😀 \u2028 \uFEFF",
            "\\N",
            "\\\"",
            "#comment",
            "'apostrophe");

    @RegisterExtension
    final TestLedger database = TestLedger.h2();

    @TempDir
    Path folder;

    @Test
    void everyTextComesBackAsItWas() throws Exception {
        Settings settings = ShippedSettings.with("colleagues.csv.folder=" + folder);
        FixedIndexers indexers = FixedIndexers.named("patents");
        CsvRows rows = new CsvRows(indexers, settings);
        CsvParts parts = new CsvParts(settings, indexers, rows);
        CsvFiles files = new CsvFiles(settings, parts, rows, database.chunks());
        List<String> ids =
                IntStream.range(0, ODD.size()).mapToObj(i -> "id-" + i).toList();
        Delivered.open(database, ids);
        ObjectMapper json = new ObjectMapper();
        for (int i = 0; i < ODD.size(); i++) {
            ArrayNode section = json.createArrayNode();
            for (String text : ODD) {
                section.addObject().put("title", text).put("year", ODD.get(i));
            }
            ChunkOutcomes chunk = Outcomes.of(
                    i + 1, new Fetched(failed("id-" + i, "", null, 1).call(), section, 1));
            write(parts.name(chunk.chunk()), rows.items(chunk));
            Delivered.tickOff(database, Outcomes.of(i + 1, failed("id-" + i, ODD.get(i), 500, 3)));
        }
        files.join("patents", "batch");

        List<CSVRecord> items = read("patents/batch.csv");
        assertThat(items).hasSize(1 + ODD.size() * ODD.size());
        assertThat(items.get(0).toList()).containsExactly("person_id", "title", "year");
        for (int i = 0; i < ODD.size(); i++) {
            for (int j = 0; j < ODD.size(); j++) {
                assertThat(items.get(1 + i * ODD.size() + j).toList())
                        .containsExactly("id-" + i, ODD.get(j), ODD.get(i));
            }
        }
        List<CSVRecord> errors = read("patents/batch.errors.csv");
        assertThat(errors).hasSize(1 + ODD.size());
        // PostgreSQL has no NUL.
        assertThat(errors.stream().skip(1).map(error -> error.get(2)))
                .isEqualTo(ODD.stream().map(text -> text.replace("\0", "")).toList());
    }

    @Test
    void fileBeginsWithoutMarkAndEndsItsRecordsWithCrLf() throws Exception {
        Settings settings = ShippedSettings.with("colleagues.csv.folder=" + folder);
        FixedIndexers indexers = FixedIndexers.named("patents");
        CsvRows rows = new CsvRows(indexers, settings);
        CsvParts parts = new CsvParts(settings, indexers, rows);
        CsvFiles files = new CsvFiles(settings, parts, rows, database.chunks());
        ChunkOutcomes chunk = Outcomes.of(1, Outcomes.fetched("a", "[{\"title\":\"ü\",\"year\":1}]"));
        write(parts.name(chunk.chunk()), rows.items(chunk));
        files.join("patents", "batch");

        assertThat(Files.readAllBytes(folder.resolve("patents/batch.csv")))
                .isEqualTo("person_id,title,year\r\na,ü,1\r\n".getBytes(StandardCharsets.UTF_8));
    }

    /** As routes/deliver-csv does: {@code marshal: csv: {}}. */
    private void write(String part, List<Map<String, String>> rows) throws Exception {
        try (CsvDataFormat csv = new CsvDataFormat()) {
            csv.start();
            Exchange exchange = new DefaultExchange(new DefaultCamelContext());
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            csv.marshal(exchange, rows, out);
            Files.createDirectories(folder.resolve(part).getParent());
            Files.write(folder.resolve(part), out.toByteArray());
        }
    }

    private List<CSVRecord> read(String file) throws Exception {
        CSVFormat strict = CSVFormat.RFC4180
                .builder()
                .setIgnoreEmptyLines(false)
                .setTrailingData(false)
                .get();
        try (CSVParser parser = CSVParser.parse(folder.resolve(file), StandardCharsets.UTF_8, strict)) {
            return parser.getRecords();
        }
    }
}
