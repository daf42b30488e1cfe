package org.colleaguesearch.tooling.live;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.colleaguesearch.settings.RouteFolders;
import org.colleaguesearch.tooling.check.FileTree;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.env.Environment;
import org.springframework.util.FileSystemUtils;

/**
 * The folders with the route files and the jq programs that they use.
 *
 * @param folders relative to {@code home}
 */
record RouteFolder(Path home, List<Path> folders) {
    private static final Logger LOG = LoggerFactory.getLogger(RouteFolder.class);

    /** All YAML files except tests: the check reports those with a wrong name. */
    private static final Pattern FILES = Pattern.compile(".*(?<!\\.test)\\.ya?ml|.*\\.jq");

    /** In bytes. A larger file is not a route file. */
    private static final long LARGEST = 10_000_000;

    /** All folders that Camel reads. */
    static RouteFolder of(Environment settings) {
        return new RouteFolder(
                Path.of(""),
                Stream.concat(Stream.of(RouteFolders.SHIPPED), RouteFolders.of(settings).stream())
                        .toList());
    }

    /**
     * A fingerprint of each file: size, time and key. Cheap enough to read several times a second.
     *
     * @throws IOException when the folder cannot be read
     */
    Map<Path, String> state() throws IOException {
        Map<Path, String> state = new TreeMap<>();
        walk((file, attributes) -> state.put(
                home.relativize(file),
                attributes.size() + " " + attributes.lastModifiedTime().toInstant() + " " + attributes.fileKey()));
        return state;
    }

    /**
     * The content of each file.
     *
     * @throws IOException when a file cannot be read or has just been deleted
     */
    Map<Path, String> read() throws IOException {
        Map<Path, String> contents = new TreeMap<>();
        walk((file, attributes) ->
                // Keeps the bytes as they are, so that the check can report invalid UTF-8.
                contents.put(home.relativize(file), Files.readString(file, StandardCharsets.ISO_8859_1)));
        return contents;
    }

    /** Writes the contents below another folder. */
    static void write(Map<Path, String> contents, Path folder) throws IOException {
        for (Map.Entry<Path, String> file : contents.entrySet()) {
            Path copy = folder.resolve(file.getKey());
            Files.createDirectories(copy.getParent());
            Files.writeString(copy, file.getValue(), StandardCharsets.ISO_8859_1);
        }
    }

    /** Deletes a folder as far as possible. */
    static void delete(Path folder) {
        try {
            FileSystemUtils.deleteRecursively(folder);
        } catch (IOException e) {
            LOG.debug("cannot delete {}", folder, e);
        }
    }

    private void walk(FileTree.Visit visit) throws IOException {
        for (Path folder : folders) {
            if (folder.equals(RouteFolders.SITE) && Files.notExists(home.resolve(folder))) {
                continue;
            }
            new FileTree(home.resolve(folder)).walk((file, attributes) -> {
                if (attributes.isRegularFile()
                        && attributes.size() <= LARGEST
                        && FILES.matcher(file.getFileName().toString()).matches()) {
                    visit.of(file, attributes);
                }
            });
        }
    }
}
