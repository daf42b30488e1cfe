package org.colleaguesearch.tooling.check;

import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;

/**
 * Files that route files name by {@code file:} or {@code classpath:}.
 *
 * @param folder to check; it may be a copy of only the routes, so other files are looked up in the working directory
 */
record NamedFiles(Path folder) {
    private static final String FILE = "file:";

    /** The resource, which may not exist. Without {@code file:}, it is on the class path. */
    Resource resource(String location) {
        return location.startsWith(FILE)
                ? new FileSystemResource(path(name(location.substring(FILE.length()))))
                : new DefaultResourceLoader().getResource(location);
    }

    /** The path of a file. A NUL, which no path can contain, is replaced, so that the file does not exist. */
    static Path name(String text) {
        return Path.of(text.replace('\0', '\uFFFD'));
    }

    /** The file: in the folder if it exists there, otherwise in the working directory. */
    Path path(Path name) {
        Path file = folder.resolve(name);
        return Files.exists(file) ? file : name;
    }
}
