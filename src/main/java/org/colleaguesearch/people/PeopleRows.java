package org.colleaguesearch.people;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.sql.DataSource;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.csv.DuplicateHeaderMode;
import org.apache.commons.io.input.BOMInputStream;
import org.colleaguesearch.failure.PausedException;
import org.colleaguesearch.settings.Settings;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.stereotype.Component;

/**
 * Reads the list of people from a CSV file or a database, line by line or row by row, so that a list of any length takes
 * little memory. Each becomes an object, from which the jq expressions of {@code colleagues.people} take the person.
 * Stateless.
 */
@Component("peopleRows")
class PeopleRows {
    /** People that are handed on at once, and rows that the database sends at once. */
    private static final int PART = 1_000;

    /** A query for a list that takes longer hangs. */
    private static final int QUERY_SECONDS = 600;

    private final Settings.People settings;
    private final char delimiter;
    private final PeoplePages pages;
    private final DataSource database;

    PeopleRows(Settings settings, PeoplePages pages, DataSource ledger) {
        this.settings = settings.people();
        this.delimiter = settings.csv().delimiterCharacter();
        this.pages = pages;
        this.database = settings.people().database() == null ? ledger : dataSource(settings);
    }

    private static DataSource dataSource(Settings settings) {
        Settings.Source source = settings.databases().get(settings.people().database());
        return new DriverManagerDataSource(
                source.url(), source.username(), source.password().reveal());
    }

    /** Whether the list is in a file or a database. */
    public boolean isSource() {
        return settings.csv() != null || settings.sql() != null;
    }

    /**
     * Reads the list until it ends or no more people are wanted.
     *
     * @throws PeopleListException when it cannot be read; the message names the line or the query
     * @throws PausedException when the database is unavailable
     */
    public void read(PeopleSink sink) {
        Parts parts = new Parts(sink);
        if (settings.csv() != null) {
            readFile(settings.csv(), parts);
        } else {
            readDatabase(parts);
        }
        parts.end();
    }

    private void readFile(Path file, Parts parts) {
        CSVFormat format = CSVFormat.RFC4180
                .builder()
                .setDelimiter(delimiter)
                .setHeader()
                .setSkipHeaderRecord(true)
                .setIgnoreEmptyLines(true)
                .setDuplicateHeaderMode(DuplicateHeaderMode.DISALLOW)
                .get();
        long line = 1;
        try (CSVParser lines = CSVParser.parse(reader(file), format)) {
            for (CSVRecord row : lines) {
                line = lines.getCurrentLineNumber();
                if (!row.isConsistent()) {
                    throw new PeopleListException(row.size() + " values, but the header has "
                            + lines.getHeaderNames().size() + "; is the delimiter '" + delimiter + "'?");
                }
                if (!parts.add(object(row))) {
                    return;
                }
            }
        } catch (PeopleListException e) {
            throw new PeopleListException(file + ":" + line + ": " + e.getMessage());
        } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
            throw new PeopleListException(unreadable(file, line, e));
        }
    }

    /** Why a file cannot be read: it is missing, not UTF-8, has an unclosed quote or a duplicate column. */
    private static String unreadable(Path file, long line, Exception failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return switch (cause) {
            case NoSuchFileException missing -> "cannot read the list of people: there is no file " + file;
            case CharacterCodingException undecodable -> file + " is not valid UTF-8, after line " + line;
            default ->
                "cannot read the list of people from " + file + ", after line " + line + ": " + cause.getMessage();
        };
    }

    /** Fails at bytes that are not UTF-8. */
    private static Reader reader(Path file) throws IOException {
        InputStream bytes = BOMInputStream.builder().setPath(file).get();
        return new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8.newDecoder()));
    }

    private static ObjectNode object(CSVRecord row) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        row.toMap().forEach((column, value) -> object.put(column, value.isEmpty() ? null : value));
        return object;
    }

    private void readDatabase(Parts parts) {
        try (Connection connection = database.getConnection()) {
            connection.setReadOnly(true);
            // PostgreSQL sends rows bit by bit only within a transaction.
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.setFetchSize(PART);
                statement.setQueryTimeout(QUERY_SECONDS);
                readRows(statement.executeQuery(settings.sql()), parts);
            } finally {
                connection.rollback();
            }
        } catch (PeopleListException e) {
            throw new PeopleListException("colleagues.people.sql: " + e.getMessage());
        } catch (SQLException e) {
            String reason = "colleagues.people.sql: "
                    + e.getMessage().lines().findFirst().orElse("");
            boolean isOutage = e.getSQLState() != null && e.getSQLState().startsWith("08");
            throw isOutage ? new PausedException(reason) : new PeopleListException(reason);
        }
    }

    private static void readRows(ResultSet rows, Parts parts) throws SQLException {
        ResultSetMetaData columns = rows.getMetaData();
        for (long number = 1; rows.next(); number++) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            for (int i = 1; i <= columns.getColumnCount(); i++) {
                put(object, columns.getColumnLabel(i).toLowerCase(Locale.ROOT), rows.getObject(i));
            }
            try {
                if (!parts.add(object)) {
                    return;
                }
            } catch (PeopleListException e) {
                throw new PeopleListException("row " + number + ": " + e.getMessage());
            }
        }
    }

    private static void put(ObjectNode object, String column, Object value) {
        switch (value) {
            case null -> object.putNull(column);
            case Boolean flag -> object.put(column, flag);
            case Byte number -> object.put(column, number.intValue());
            case Short number -> object.put(column, number.intValue());
            case Integer number -> object.put(column, number);
            case Long number -> object.put(column, number);
            case BigDecimal number -> object.put(column, number);
            default -> object.put(column, value.toString());
        }
    }

    /** Gathers people and hands them on in parts. Confined to the thread that reads. */
    private final class Parts {
        private final PeopleSink sink;
        private final Map<String, Person> part = new LinkedHashMap<>();

        Parts(PeopleSink sink) {
            this.sink = sink;
        }

        /** Returns whether more are wanted. */
        boolean add(ObjectNode item) {
            pages.people(JsonNodeFactory.instance.arrayNode().add(item))
                    .forEach(person -> part.putIfAbsent(person.id(), person));
            return part.size() < PART || end();
        }

        boolean end() {
            List<Person> people = List.copyOf(part.values());
            part.clear();
            return people.isEmpty() || sink.add(people);
        }
    }
}
