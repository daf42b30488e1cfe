package org.colleaguesearch.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.colleaguesearch.delivery.Outcomes.failed;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.colleaguesearch.indexing.ChunkOutcomes;
import org.colleaguesearch.indexing.Fetched;
import org.colleaguesearch.indexing.FixedIndexers;
import org.colleaguesearch.ledger.TestLedger;
import org.colleaguesearch.people.Person;
import org.colleaguesearch.settings.Settings;
import org.colleaguesearch.settings.ShippedSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An RFC 4180 parser reads back from the joined file exactly what was written as rows. */
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
            "|",
            "^;^",
            ";",
            "a\ttab",
            "\uFEFFmark",
            "#comment",
            "'apostrophe");

    @RegisterExtension
    final TestLedger database = TestLedger.h2();

    @TempDir
    Path folder;

    private CsvDialect dialect;
    private CsvRows rows;
    private CsvParts parts;
    private CsvFiles files;
    private CSVFormat form;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "colleagues.csv.delimiter=;",
                "colleagues.csv.delimiter=tab",
                "colleagues.csv.delimiter=|",
                "colleagues.csv.delimiter=^",
                "colleagues.csv.quote=all",
                "colleagues.csv.line-end=lf",
                "colleagues.csv.bom=true",
                "colleagues.csv.delimiter=; colleagues.csv.quote=all colleagues.csv.line-end=lf colleagues.csv.bom=true",
            })
    void everyTextSurvivesTheRoundTrip(String changes) throws Exception {
        begin(changes);
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
                    i + 1, new Fetched(failed("id-" + i, "", null, 1).call(), section, 200, 1));
            write(chunk);
            Delivered.tickOff(database, Outcomes.of(i + 1, failed("id-" + i, ODD.get(i), 500, 3)));
            // An empty merge still reads and rewrites all rows.
            parts.merge(Delivered.retry(i + 1), List.of(new Person("id-" + i, "")), 0);
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
        // PostgreSQL does not store NUL.
        assertThat(errors.stream().skip(1).map(error -> error.get(2)))
                .isEqualTo(ODD.stream().map(text -> text.replace("\0", "")).toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            nullValues = "none",
            value = {
                "none                                                 ! person_id,title,year~a,\u00FC b,1~",
                "colleagues.csv.delimiter=;                           ! person_id;title;year~a;\u00FC b;1~",
                "colleagues.csv.quote=all                             ! \"person_id\",\"title\",\"year\"~\"a\",\"\u00FC b\",\"1\"~",
                "colleagues.csv.bom=true                              ! \uFEFFperson_id,title,year~a,\u00FC b,1~",
            })
    void fileHasAByteOrderMarkOnlyIfConfiguredAndEndsRowsWithCrLf(String change, String expected) throws Exception {
        begin(change == null ? "" : change);
        Delivered.open(database, List.of("a"));
        Delivered.tickOff(database, Outcomes.of(1));
        write(Outcomes.of(1, Outcomes.fetched("a", "[{\"title\":\"\u00FC b\",\"year\":1}]")));
        files.join("patents", "batch");

        assertThat(Files.readAllBytes(folder.resolve("patents/batch.csv")))
                .isEqualTo(expected.replace("~", "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void allFilesEndRowsWithLfIfConfigured() throws Exception {
        begin("colleagues.csv.line-end=lf colleagues.csv.delimiter=tab colleagues.csv.bom=true");
        Delivered.open(database, List.of("a", "b"));
        write(Outcomes.of(1, Outcomes.fetched("a", "[{\"title\":\"T\",\"year\":1}]")));
        Delivered.tickOff(database, Outcomes.of(1, failed("b", "gone", 404, 1)));
        files.join("patents", "batch");

        assertThat(Files.readString(folder.resolve("patents/batch.csv")))
                .isEqualTo("\uFEFFperson_id\ttitle\tyear\na\tT\t1\n");
        assertThat(Files.readString(folder.resolve("patents/batch.errors.csv"))).isEqualTo("""
                        \uFEFFperson_id\turl\treason\tstatus\tattempts
                        b\thttps://api/people/b/patents\tgone\t404\t1
                        """);
    }

    private void begin(String changes) {
        String all = "colleagues.csv.folder=" + folder + " " + changes;
        Settings settings = ShippedSettings.with(all.strip().split(" "));
        FixedIndexers indexers = FixedIndexers.named("patents");
        dialect = new CsvDialect(settings);
        rows = new CsvRows(indexers, settings);
        parts = new CsvParts(CsvPartsTest.store(folder), indexers, rows, dialect);
        files = new CsvFiles(CsvPartsTest.store(folder), parts, rows, dialect, database.chunks(), database.database());
        form = CSVFormat.RFC4180
                .builder()
                .setDelimiter(dialect.text(List.of("a", "b")).replaceAll("[ab\"]", ""))
                .setIgnoreEmptyLines(false)
                .setTrailingData(false)
                .get();
    }

    /** As routes/deliver-csv: {@code marshal: custom: {ref: csvDialect}}, whatever the charset of the exchange. */
    private void write(ChunkOutcomes chunk) throws Exception {
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        exchange.setProperty(Exchange.CHARSET_NAME, "ISO-8859-1");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        dialect.marshal(exchange, rows.items(chunk), out);
        Path part = folder.resolve(parts.name(chunk.chunk()));
        Files.createDirectories(part.getParent());
        Files.write(part, out.toByteArray());
        assertThat(dialect.unmarshal(exchange, new ByteArrayInputStream(out.toByteArray())))
                .isEqualTo(rows.items(chunk).stream()
                        .map(row -> List.copyOf(row.values()))
                        .toList());
    }

    private List<CSVRecord> read(String file) throws Exception {
        String text = Files.readString(folder.resolve(file)).replaceFirst("^\uFEFF", "");
        try (CSVParser parser = CSVParser.parse(text, form)) {
            return parser.getRecords();
        }
    }
}
