package org.colleaguesearch.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.colleaguesearch.tooling.yaml.Unreadable;
import org.colleaguesearch.tooling.yaml.Yaml;
import org.colleaguesearch.tooling.yaml.YamlReader;

/**
 * The files that a check is asked for, relative to the folder it is made in.
 *
 * @param isAll whether none in particular are
 */
record AskedFiles(List<Path> files, boolean isAll) {
    private static final Path HERE = Path.of("").toAbsolutePath();

    /**
     * Finds them among all route files: those named, those of a folder that is named, and of a jq program, it and those
     * that use it.
     *
     * @throws WrongUsage when there is none for a word
     */
    static AskedFiles of(List<String> words, List<Path> all) {
        return words.isEmpty()
                ? new AskedFiles(all, true)
                : new AskedFiles(
                        words.stream()
                                .flatMap(word -> named(word, all))
                                .distinct()
                                .toList(),
                        false);
    }

    private static Stream<Path> named(String word, List<Path> all) {
        Path name = HERE.relativize(HERE.resolve(word)).normalize();
        List<Path> found = name.toString().endsWith(".jq")
                ? all.stream().filter(file -> isUsed(name, file)).toList()
                : all.stream()
                        .filter(file -> HERE.resolve(file).startsWith(HERE.resolve(name)))
                        .toList();
        if (found.isEmpty()) {
            throw new WrongUsage("--check takes route files, folders of them and the .jq files that they name, and "
                    + word + " is none: give one such as " + (all.isEmpty() ? "routes/a.camel.yaml" : all.get(0)));
        }
        return name.toString().endsWith(".jq") ? Stream.concat(Stream.of(name), found.stream()) : found.stream();
    }

    private static boolean isUsed(Path program, Path file) {
        try {
            return texts(YamlReader.read(file, file))
                    .anyMatch(text -> text.strip().equals("resource:file:" + program));
        } catch (Unreadable e) {
            // It may be, and what is wrong with the file is to be told.
            return true;
        }
    }

    private static Stream<String> texts(Yaml value) {
        return switch (value) {
            case Yaml.Text text -> Stream.of(text.text());
            case Yaml.Items list -> list.items().stream().flatMap(AskedFiles::texts);
            case Yaml.Keys keys -> keys.entries().stream().flatMap(entry -> texts(entry.value()));
        };
    }
}
