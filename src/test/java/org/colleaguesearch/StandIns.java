package org.colleaguesearch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Routes that stand in for those of operations which routes/api/ does not have yet. */
public final class StandIns {
    private StandIns() {}

    public static List<Path> missing() {
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/api"))) {
            return files.filter(file -> !Files.exists(Path.of("routes/api").resolve(file.getFileName())))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
