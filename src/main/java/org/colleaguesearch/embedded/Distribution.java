package org.colleaguesearch.embedded;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.colleaguesearch.settings.StartFailure;

/** An unpacked OpenSearch distribution; {@code home} is absolute. */
record Distribution(Path home) {

    /** @throws StartFailure if there is none at {@code home}, or, if null, in the two usual places */
    static Distribution find(Path home) {
        return home == null
                ? find(List.of(Path.of("opensearch"), Path.of("target", "opensearch")))
                : find(List.of(home));
    }

    /** The first of these folders that holds {@code bin/opensearch}: a package has the one, a build the other. */
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
                        + " (no bin/opensearch there): run `mvn process-resources`, or set"
                        + " colleagues.opensearch.embedded.home to one, or colleagues.opensearch.url to a running"
                        + " OpenSearch"));
    }

    Path program() {
        return home.resolve("bin").resolve("opensearch");
    }

    Path config() {
        return home.resolve("config");
    }
}
