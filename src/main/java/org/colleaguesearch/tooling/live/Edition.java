package org.colleaguesearch.tooling.live;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.camel.CamelContext;
import org.colleaguesearch.indexing.CurrentRoutes;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * Tells the application's Camel context which edition of the route files it runs, before it reads them; {@link Generations} does
 * the same for later ones. Nodes with the same files have the same edition. Immutable.
 */
@Component
final class Edition {
    private static final int DIGITS = 12;

    Edition(CamelContext camel, Environment settings) throws IOException {
        camel.getGlobalOptions()
                .put(CurrentRoutes.EDITION, of(RouteFolder.of(settings).read()));
    }

    /** A digest of files and their names, which does not depend on the system. */
    static String of(Map<Path, String> contents) {
        SortedMap<String, String> files = new TreeMap<>();
        contents.forEach(
                (file, content) -> files.put(file.toString().replace('\\', '/'), content.replace("\r\n", "\n")));
        // Not read where they are.
        files.keySet().removeIf(file -> file.startsWith("routes/examples/"));
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            files.forEach(
                    (file, content) -> digest.update((file + "\0" + content + "\0").getBytes(StandardCharsets.UTF_8)));
            return HexFormat.of().formatHex(digest.digest()).substring(0, DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
