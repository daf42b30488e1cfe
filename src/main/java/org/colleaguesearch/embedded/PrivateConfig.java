package org.colleaguesearch.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.colleaguesearch.settings.Readers;

/** Adapts the distribution's configuration to a child process of one application. Stateless. */
final class PrivateConfig {
    /** One log, at the place that the application chooses; the distribution also writes each line to four files. */
    private static final String CONSOLE_ONLY = """
            status = error
            appender.console.type = Console
            appender.console.name = console
            appender.console.layout.type = PatternLayout
            appender.console.layout.pattern = [%d{ISO8601}][%-5p][%-25c{1.}] [%node_name]%marker %m%n
            rootLogger.level = info
            rootLogger.appenderRef.console.ref = console
            """;

    private PrivateConfig() {}

    /** Copies {@code from} to {@code to}, which must not exist. */
    static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path copy = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Readers.OWNER.makeFolder(copy);
                } else {
                    Files.copy(file, copy);
                    Readers.OWNER.narrow(copy);
                }
            }
        }
        Path options = to.resolve("jvm.options");
        List<String> kept = Files.readAllLines(options).stream()
                .filter(line -> !writesIntoTheDistribution(line))
                .toList();
        Files.write(options, kept);
        Readers.OWNER.write(to.resolve("log4j2.properties"), CONSOLE_ONLY);
    }

    /** The GC log, the heap dump and the crash file have paths relative to the distribution, where Java runs. */
    private static boolean writesIntoTheDistribution(String line) {
        return line.contains("logs/") || line.contains("HeapDump");
    }
}
