package org.colleaguesearch.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.colleaguesearch.embedded.plugin.Admission;
import org.colleaguesearch.failure.StartFailure;
import org.colleaguesearch.settings.Readers;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/**
 * A distribution extended by the plugin {@code PrivateNode}: a folder of links to the distribution, which is only read
 * and may be the user's, plus the plugin, packed from the application's classes. Stateless.
 */
final class PrivateHome {
    private static final String PLUGINS = "plugins";
    private static final String PLUGIN = "colleague-search";
    /** Not linked: {@code plugins} is rebuilt, and the other folders are set elsewhere. */
    private static final Set<String> LEFT_OUT = Set.of(PLUGINS, "data", "logs");

    private PrivateHome() {}

    /** Creates it from {@code distribution} in {@code to}, which must not exist. */
    static void make(Distribution distribution, Path to) throws IOException {
        Readers.OWNER.makeFolder(to);
        for (Path part : list(distribution.home())) {
            if (!LEFT_OUT.contains(part.getFileName().toString())) {
                link(to, part);
            }
        }
        Path plugins = Readers.OWNER.makeFolder(to.resolve(PLUGINS));
        Path others = distribution.home().resolve(PLUGINS);
        for (Path plugin : Files.isDirectory(others) ? list(others) : List.<Path>of()) {
            link(plugins, plugin);
        }
        addPlugin(Readers.OWNER.makeFolder(plugins.resolve(PLUGIN)), distribution.version());
    }

    private static void link(Path folder, Path to) throws IOException {
        try {
            Files.createSymbolicLink(folder.resolve(to.getFileName()), to);
        } catch (FileSystemException | UnsupportedOperationException e) {
            throw new StartFailure(
                    "colleagues.opensearch.embedded.data: cannot create a symbolic link in " + folder + " (" + e
                            + "); set it to a folder on a file system that supports links",
                    e);
        }
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> parts = Files.list(folder)) {
            return parts.toList();
        }
    }

    private static void addPlugin(Path folder, String version) throws IOException {
        // By name: loading the class would require OpenSearch's classes.
        String plugin = Admission.class.getPackageName() + ".PrivateNode";
        Readers.OWNER.write(folder.resolve("plugin-descriptor.properties"), """
                name=%s
                description=Restricts this OpenSearch to the application that started it
                version=1
                classname=%s
                java.version=21
                opensearch.version=%s
                """.formatted(PLUGIN, plugin, version));
        String classes = Admission.class.getPackageName().replace('.', '/') + "/";
        Path file = folder.resolve(PLUGIN + ".jar");
        try (JarOutputStream jar = new JarOutputStream(Channels.newOutputStream(
                Readers.OWNER.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)))) {
            for (Resource each :
                    new PathMatchingResourcePatternResolver().getResources("classpath*:" + classes + "*.class")) {
                jar.putNextEntry(new JarEntry(classes + each.getFilename()));
                try (InputStream in = each.getInputStream()) {
                    in.transferTo(jar);
                }
            }
        }
    }
}
