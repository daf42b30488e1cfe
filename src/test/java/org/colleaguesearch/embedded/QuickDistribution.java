package org.colleaguesearch.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;

/**
 * The OpenSearch distribution of the build with a JVM option that halves its start-up work: optimized compilation does
 * not pay off in tests. The first test that needs it creates it. Thread-safe.
 */
public final class QuickDistribution {
    private QuickDistribution() {}

    /** Its folder. */
    public static Path home() {
        return Made.HOME;
    }

    /** Created lazily: the JVM runs the static initializer once, on the first thread that needs it. */
    private static final class Made {
        private static final Path HOME = Path.of("target", "it-opensearch-home").toAbsolutePath();

        static {
            Path original = Path.of("target", "opensearch").toAbsolutePath();
            try (Stream<Path> files = Files.list(original)) {
                FileSystemUtils.deleteRecursively(HOME);
                FileSystemUtils.copyRecursively(original.resolve("config"), HOME.resolve("config"));
                Path options = Files.createDirectories(HOME.resolve("config/jvm.options.d"));
                Files.write(options.resolve("quick.options"), List.of("-XX:TieredStopAtLevel=1"));
                for (Path file : files.filter(file -> !file.endsWith("config")).toList()) {
                    Files.createSymbolicLink(HOME.resolve(file.getFileName()), file);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
