package org.colleaguesearch.tooling.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.colleaguesearch.tooling.check.Mutation.Kind;

/** Makes reproducible mutations of files, alternating between kinds and files. */
public final class Mutations {
    private static final Pattern KEY = Pattern.compile("(\\s*(?:- )?)([\\w.]{2,})(:.*)");
    private static final Pattern URI = Pattern.compile("(\\s*uri: \"?)(\\w+)(:.*)");

    /** Values that name something in the code, in Camel or in another file. */
    private static final Pattern NAME = Pattern.compile(
            "(\\s*(?:- )?(?:uri|ref|method|executorService|routeConfigurationId|routeTemplateRef|routePolicy"
                    + "|redeliveryPolicyRef|unmarshalType|resultType|enableFeatures|loggingLevel|jq): \"?#?"
                    + "(?:direct:|resource:file:)?|\\s*aggregationStrategy: \"#|\\s*- java\\.lang\\.)([\\w.-]{3,})(.*)");

    private static final Pattern FUNCTION = Pattern.compile("(\\s*simple: \"\\$\\{)([a-z]{3,})(.*)");

    /** Ids of nodes are optional, and make up a tenth of all lines. */
    private static final Pattern NODE_ID = Pattern.compile("\\s{6,}(?:- )?id: .*");

    private static final Pattern TYPED = Pattern.compile("(\\s*(?:- )?\\w+: )(\\S.*)");

    private static final long SEED = 5;

    private static final List<Kind> KINDS = List.of(Kind.values());

    private final Random random;
    private final List<Path> files;
    private final Path folder;

    private Mutations(long seed, Path folder, List<Path> files) {
        this.random = new Random(seed);
        this.folder = folder;
        this.files = files;
    }

    /** Mutations of the shipped route files. */
    public static List<Mutation> ofShipped(int count) throws IOException {
        Path here = Path.of("");
        return new Mutations(SEED, here, RouteCheck.of(Shipped.settings()).files(here)).make(count);
    }

    /** Makes mutations with different effects. */
    private List<Mutation> make(int count) throws IOException {
        List<Mutation> made = new ArrayList<>();
        Set<String> texts = new HashSet<>();
        for (int turn = 0; made.size() < count; turn++) {
            Path file = files.get(turn % files.size());
            // Alternates the kinds for each file, too, whatever the number of files.
            Kind kind = KINDS.get((turn + turn / files.size()) % KINDS.size());
            List<String> lines = Files.readAllLines(folder.resolve(file));
            mutation(kind, file, lines)
                    .filter(mutation -> texts.add(file + mutation.text()))
                    .ifPresent(made::add);
        }
        return made;
    }

    private Optional<Mutation> mutation(Kind kind, Path file, List<String> lines) {
        int start = random.nextInt(lines.size());
        for (int i = 0; i < lines.size(); i++) {
            int index = (start + i) % lines.size();
            String line = lines.get(index);
            if (!line.isBlank() && !line.strip().startsWith("#")) {
                if (kind == Kind.REMOVED_LINE && !NODE_ID.matcher(line).matches()) {
                    return Optional.of(new Mutation(kind, file, lines, index, null));
                }
                String edited = edited(kind, line);
                if (edited != null && !edited.equals(line)) {
                    return Optional.of(new Mutation(kind, file, lines, index, edited));
                }
            }
        }
        return Optional.empty();
    }

    private String edited(Kind kind, String line) {
        return switch (kind) {
            case TYPO_IN_KEY -> typo(KEY, line);
            case TYPO_IN_VALUE -> FUNCTION.matcher(line).matches() ? typo(FUNCTION, line) : typo(NAME, line);
            case UNKNOWN_COMPONENT -> typo(URI, line);
            case WRONG_INDENT -> indented(line);
            case SWAPPED_TYPE -> swapped(line);
            case REMOVED_LINE -> null;
        };
    }

    private String typo(Pattern place, String line) {
        Matcher match = place.matcher(line);
        return match.matches() ? match.group(1) + typo(match.group(2)) + match.group(3) : null;
    }

    private String typo(String word) {
        int at = random.nextInt(word.length() - 1);
        return switch (random.nextInt(3)) {
            case 0 -> word.substring(0, at) + word.substring(at + 1);
            case 1 -> word.substring(0, at) + word.charAt(at + 1) + word.charAt(at) + word.substring(at + 2);
            default -> word.substring(0, at + 1) + "x" + word.substring(at + 1);
        };
    }

    private String indented(String line) {
        int more = List.of(-2, -1, 1, 2, 3).get(random.nextInt(5));
        return more > 0 ? " ".repeat(more) + line : line.startsWith(" ".repeat(-more)) ? line.substring(-more) : null;
    }

    /** Replaces a text by a list or keys, and a number or boolean by a word. */
    private String swapped(String line) {
        Matcher match = TYPED.matcher(line);
        if (!match.matches()) {
            return line.matches("\\s+\\w+:") ? line + " text" : null;
        }
        if (match.group(2).matches("true|false|\\d+")) {
            return match.group(1) + "many";
        }
        return match.group(1) + (random.nextBoolean() ? "[a, b]" : "{a: b}");
    }
}
