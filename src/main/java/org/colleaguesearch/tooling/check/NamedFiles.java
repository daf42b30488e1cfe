package org.colleaguesearch.tooling.check;

import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;

/**
 * What route files name by {@code file:} or {@code classpath:}.
 *
 * @param folder that is checked; it may be a copy that has the routes only, and then the rest is here
 */
record NamedFiles(Path folder) {
    private static final String FILE = "file:";

    /** There may be none of it. Without {@code file:}, it is on the class path. */
    Resource resource(String location) {
        return location.startsWith(FILE)
                ? new FileSystemResource(path(name(location.substring(FILE.length()))))
                : new DefaultResourceLoader().getResource(location);
    }

    /** What a file is called. A name that no file can have is made one that none has. */
    static Path name(String text) {
        return Path.of(text.replace('\0', '\uFFFD'));
    }

    /** Where the file of a name is. */
    Path path(Path name) {
        Path file = folder.resolve(name);
        return Files.exists(file) ? file : name;
    }
}
