package org.colleaguesearch.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.colleaguesearch.failure.StartFailure;

/** An unpacked OpenSearch distribution; {@code home} is absolute. */
record Distribution(Path home) {
    private static final Pattern SERVER = Pattern.compile("opensearch-(\\d+\\.\\d+\\.\\d+)(-.+)?\\.jar");

    /** @throws StartFailure if there is none at {@code home} or, if null, in the two default places */
    static Distribution find(Path home) {
        return home == null
                ? find(List.of(Path.of("opensearch"), Path.of("target", "opensearch")))
                : find(List.of(home));
    }

    /** The first of these folders that contains {@code bin/opensearch}. */
    static Distribution find(List<Path> folders) {
        return folders.stream()
                .map(folder -> new Distribution(folder.toAbsolutePath().normalize()))
                .filter(found -> Files.isRegularFile(found.program()))
                .findFirst()
                .orElseThrow(() -> new StartFailure("no OpenSearch distribution in "
                        + String.join(
                                " or ",
                                folders.stream()
                                        .map(folder -> folder.toAbsolutePath()
                                                .normalize()
                                                .toString())
                                        .toList())
                        + " (no bin/opensearch there): run `mvn process-resources`, set"
                        + " colleagues.opensearch.embedded.home to a distribution, or set colleagues.opensearch.url to a"
                        + " running OpenSearch"));
    }

    /**
     * The version of OpenSearch, such as {@code 3.6.0}, from the name of its server jar.
     *
     * @throws StartFailure if there is no such jar
     */
    String version() {
        try (Stream<Path> jars = Files.list(home.resolve("lib"))) {
            return jars.flatMap(
                            jar -> SERVER.matcher(jar.getFileName().toString()).results())
                    .map((MatchResult found) -> found.group(1))
                    .findFirst()
                    .orElseThrow(this::noVersion);
        } catch (IOException e) {
            throw noVersion();
        }
    }

    private StartFailure noVersion() {
        return new StartFailure("no lib/opensearch-<version>.jar in " + home
                + ": set colleagues.opensearch.embedded.home to an OpenSearch 3 distribution");
    }

    Path program() {
        return home.resolve("bin").resolve("opensearch");
    }

    Path config() {
        return home.resolve("config");
    }
}
