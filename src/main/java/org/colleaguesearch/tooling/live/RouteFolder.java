package org.colleaguesearch.tooling.live;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.colleaguesearch.tooling.check.FileTree;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;

/** The folder {@code routes/} with what routes are made of: route files, and the programs that they name. */
record RouteFolder(Path home) {
    private static final Logger LOG = LoggerFactory.getLogger(RouteFolder.class);
    private static final String NAME = "routes";

    /** YAML of whatever name but that of tests, since the check tells of names that are wrong. */
    private static final Pattern FILES = Pattern.compile(".*(?<!\\.test)\\.ya?ml|.*\\.jq");

    /** A file that is larger is none of ours. In bytes. */
    private static final long LARGEST = 10_000_000;

    /**
     * What changes when a file does: for each its size, time and key. Cheap enough to be asked for twice a second.
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
     * @throws IOException when one cannot be read, or is gone meanwhile
     */
    Map<Path, String> read() throws IOException {
        Map<Path, String> contents = new TreeMap<>();
        walk((file, attributes) ->
                // As bytes: what is no UTF-8 is for the check to find.
                contents.put(home.relativize(file), Files.readString(file, StandardCharsets.ISO_8859_1)));
        return contents;
    }

    /** Writes such contents below another folder. */
    static void write(Map<Path, String> contents, Path folder) throws IOException {
        for (Map.Entry<Path, String> file : contents.entrySet()) {
            Path copy = folder.resolve(file.getKey());
            Files.createDirectories(copy.getParent());
            Files.writeString(copy, file.getValue(), StandardCharsets.ISO_8859_1);
        }
    }

    /** Removes such a folder, as far as it can be. */
    static void delete(Path folder) {
        try {
            FileSystemUtils.deleteRecursively(folder);
        } catch (IOException e) {
            LOG.debug("cannot remove {}", folder, e);
        }
    }

    private void walk(FileTree.Visit visit) throws IOException {
        new FileTree(home.resolve(NAME)).walk((file, attributes) -> {
            if (attributes.isRegularFile()
                    && attributes.size() <= LARGEST
                    && FILES.matcher(file.getFileName().toString()).matches()) {
                visit.of(file, attributes);
            }
        });
    }
}
