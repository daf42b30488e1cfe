package org.colleaguesearch.settings;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/** What another user of the machine could read. */
public final class OpenToOthers {
    private OpenToOthers() {}

    /** Files and folders from a folder downwards that somebody but their owner has a right to, with their permissions. */
    public static List<String> below(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(path -> !Files.isSymbolicLink(path))
                    .map(path -> permissions(path) + " " + folder.relativize(path))
                    .filter(path -> !path.startsWith("------", 3))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As {@code ls} shows them. */
    public static String permissions(Path path) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
