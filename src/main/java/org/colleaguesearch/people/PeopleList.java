package org.colleaguesearch.people;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The people of one batch, in a file of one JSON object a line, so that a list of any length takes no heap while its
 * runs stream through it. Only while the list is being written are the ids seen so far held, about 100 bytes each.
 *
 * <p>Written by the one thread that lists the people and closed by it; only then read, by any number of threads. Its size
 * may be asked for at any time.
 */
public final class PeopleList implements Closeable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private BufferedWriter writer;
    private Set<String> ids = new HashSet<>();
    private Set<String> pages = new HashSet<>();
    private volatile int size;

    /** An empty list. The file and its folder are made when the first page is added. */
    public PeopleList(Path file) {
        this.file = file;
    }

    /**
     * Adds a page of the people API, {@code {"items":[{"id","name"}],"next":url|null}}. Someone who is listed already
     * is not added again: pages shift while people join.
     *
     * @return the URL of the next page, or null after the last one
     * @throws PeopleListException when the page has another shape, or leads back to a page already read
     */
    public String add(JsonNode page) throws IOException {
        JsonNode items = page.path("items");
        if (writer == null) {
            Files.createDirectories(file.toAbsolutePath().getParent());
            writer = Files.newBufferedWriter(file);
        }
        if (!items.isArray()) {
            throw new PeopleListException("a page of the people list has no array 'items'");
        }
        for (JsonNode item : items) {
            JsonNode id = item.path("id");
            if (!id.isTextual() || id.textValue().isEmpty()) {
                throw new PeopleListException("an item of the people list has no text 'id'");
            }
            if (ids.add(id.textValue())) {
                Person person = new Person(id.textValue(), item.path("name").asText(""));
                writer.write(JSON.writeValueAsString(person));
                writer.write('\n');
                size = ids.size();
            }
        }
        return next(page.path("next"));
    }

    private String next(JsonNode next) throws PeopleListException {
        if (next.isNull() || next.isMissingNode()) {
            return null;
        }
        if (!pages.add(next.asText())) {
            throw new PeopleListException("the people list leads in a circle: page " + next.asText() + " came twice");
        }
        return next.asText();
    }

    /** The number of different people so far. */
    public int size() {
        return size;
    }

    /** Ends the writing. */
    @Override
    public void close() throws IOException {
        if (writer != null) {
            writer.close();
        }
        ids = Set.of();
        pages = Set.of();
    }

    /** Streams the list from its start. The caller closes the stream. */
    @SuppressWarnings("StreamResourceLeak") // it is the caller who closes it
    public Stream<Person> stream() {
        try {
            return Files.lines(file).map(PeopleList::parse);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the people list " + file, e);
        }
    }

    private static Person parse(String line) {
        try {
            return JSON.readValue(line, Person.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Removes the file. */
    public void delete() throws IOException {
        close();
        Files.deleteIfExists(file);
    }
}
