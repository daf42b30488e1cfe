package org.colleaguesearch.tooling.check;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.util.ClassUtils;

/** The classes of a package: of Java, and of what the application has. */
final class PackageClasses {
    private static final String CLASS = "(\\w+)\\.class";

    private PackageClasses() {}

    /** The names of those that are in the package of a class, without it; none, where they cannot be listed. */
    static Set<String> beside(String name) {
        String folder = ClassUtils.getPackageName(name);
        Set<String> names = new TreeSet<>();
        try {
            Stream.concat(ofJava(folder), ofApplication(folder))
                    .filter(file -> file.matches(CLASS))
                    .forEach(file -> names.add(file.replaceFirst(CLASS, "$1")));
        } catch (IOException e) {
            // Then nothing is guessed.
        }
        return names;
    }

    private static Stream<String> ofJava(String folder) throws IOException {
        FileSystem java = FileSystems.getFileSystem(URI.create("jrt:/"));
        Path modules = java.getPath("/packages", folder);
        Set<String> files = new TreeSet<>();
        if (Files.isDirectory(modules)) {
            try (Stream<Path> all = Files.list(modules)) {
                for (Path module : all.toList()) {
                    list(java.getPath("/modules", module.getFileName().toString(), folder.replace('.', '/')), files);
                }
            }
        }
        return files.stream();
    }

    private static void list(Path folder, Set<String> files) throws IOException {
        if (Files.isDirectory(folder)) {
            try (Stream<Path> all = Files.list(folder)) {
                all.forEach(file -> files.add(file.getFileName().toString()));
            }
        }
    }

    private static Stream<String> ofApplication(String folder) throws IOException {
        return Stream.of(new PathMatchingResourcePatternResolver()
                        .getResources("classpath*:" + folder.replace('.', '/') + "/*.class"))
                .map(resource -> String.valueOf(resource.getFilename()));
    }
}
