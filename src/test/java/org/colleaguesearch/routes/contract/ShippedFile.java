package org.colleaguesearch.routes.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * A route file as a tree.
 *
 * @param path relative to the folder of all route files
 */
record ShippedFile(Path path, JsonNode tree) {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    /** A route, a template or the like: what an item of the file declares. */
    record Declaration(ShippedFile file, String kind, JsonNode value) {
        String text(String field) {
            return value.path(field).asText("");
        }

        /** For messages. */
        String name() {
            return kind + " " + (kind.equals("templatedRoute") ? text("routeId") : text("id"));
        }
    }

    /** A field anywhere in a declaration, with the name it has there. */
    record Field(Declaration in, String name, JsonNode value) {}

    /**
     * Reads a file.
     *
     * @throws IOException when it is no YAML
     */
    static ShippedFile read(Path folder, Path file) throws IOException {
        return new ShippedFile(folder.relativize(file), YAML.readTree(Files.newInputStream(file)));
    }

    String name() {
        return path.getFileName().toString().replace(".camel.yaml", "");
    }

    boolean isIndexer() {
        return path.startsWith("indexers") || path.startsWith("examples");
    }

    Stream<Declaration> declarations() {
        List<Declaration> declarations = new ArrayList<>();
        for (JsonNode item : tree) {
            item.properties()
                    .forEach(entry -> declarations.add(new Declaration(this, entry.getKey(), entry.getValue())));
        }
        return declarations.stream();
    }

    Stream<Declaration> declarations(String kind) {
        return declarations().filter(declaration -> declaration.kind().equals(kind));
    }

    /** All fields of all declarations, the outer before the inner. */
    Stream<Field> fields() {
        return declarations().flatMap(ShippedFile::fields);
    }

    static Stream<Field> fields(Declaration declaration) {
        List<Field> fields = new ArrayList<>();
        walk(declaration.value(), (name, value) -> fields.add(new Field(declaration, name, value)));
        return fields.stream();
    }

    private static void walk(JsonNode node, BiConsumer<String, JsonNode> visitor) {
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            visitor.accept(entry.getKey(), entry.getValue());
            walk(entry.getValue(), visitor);
        }
        if (node.isArray()) {
            node.forEach(item -> walk(item, visitor));
        }
    }
}
