package org.colleaguesearch.routes;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/**
 * Queries whose right answers are known, made of what is known of people. Which ones is left to a checksum of what they
 * are made of: the same in every run, and no choice of anybody's. By another checksum they are halved, and the ranking was
 * tuned on the other half.
 *
 * <p>Several people can be right, and the first of them counts: all inventors of a patent, of all patents of the same
 * title or abstract, all who bear a name, all who have a function and have been at a place.
 */
final class JudgedQueries {
    private static final Pattern WORD = Pattern.compile("[A-Za-z]+");
    private static final Set<String> COMMON = Set.of(("a an and are as at be been being both but by can comprises"
                    + " comprising each for from has have having if in includes including into is it its least more not of"
                    + " on one or other such than that the their then there these they this thereof to two using was when"
                    + " where wherein which will with within without may")
            .split(" "));

    /** What is looked for, and who is right; {@code source}: what it is made of. */
    record Judged(String query, Set<String> right, String source) {}

    private final Map<String, List<Judged>> kinds = new LinkedHashMap<>();

    /** The kind of the questions that {@link JudgedQuestionsTest} describes. */
    static final String EVERYDAY = "question in everyday words";

    /** @param questions lines of the number of a patent and a question that its inventors are to be found with */
    JudgedQueries(List<? extends JsonNode> people, Path questions) throws IOException {
        Map<String, Set<String>> numbers = new LinkedHashMap<>();
        Map<String, Set<String>> titles = new LinkedHashMap<>();
        Map<String, Set<String>> abstracts = new LinkedHashMap<>();
        Map<String, Set<String>> names = new LinkedHashMap<>();
        Map<String, Set<String>> places = new LinkedHashMap<>();
        for (JsonNode person : people) {
            String id = person.get("id").textValue();
            note(names, person.get("name").textValue(), id);
            for (JsonNode patent : person.get("patents")) {
                note(numbers, patent.get("number").textValue(), id);
                note(titles, plain(patent.get("title").textValue()), id);
                note(abstracts, plain(patent.path("abstract").asText()), id);
            }
            for (JsonNode function : person.get("functions")) {
                for (JsonNode place : person.get("geography")) {
                    note(
                            places,
                            function.get("title").textValue() + " "
                                    + place.get("city").textValue(),
                            id);
                }
            }
        }
        add("title of a patent", titles, JudgedQueries::title);
        add("title, other numbers", titles, JudgedQueries::otherNumbers);
        add("title, two typos", titles, JudgedQueries::twoTypos);
        add("five words of an abstract", abstracts, JudgedQueries::fiveWords);
        add("question, three words of a title", titles, JudgedQueries::question);
        add("name, a typo", names, JudgedQueries::nameWithTypo);
        add("function and city", places, UnaryOperator.identity());
        Map<String, String> everyday = new LinkedHashMap<>();
        for (String line : Files.readAllLines(questions)) {
            everyday.put(line.substring(0, line.indexOf('\t')), line.substring(line.indexOf('\t') + 1));
        }
        numbers.keySet().retainAll(everyday.keySet());
        add(EVERYDAY, numbers, everyday::get);
    }

    private static void note(Map<String, Set<String>> people, String source, String id) {
        people.computeIfAbsent(source, none -> new TreeSet<>()).add(id);
    }

    private void add(String kind, Map<String, Set<String>> sources, UnaryOperator<String> query) {
        List<Judged> judged = new ArrayList<>();
        sources.forEach((source, right) -> {
            String text = query.apply(source);
            if (text != null && checksum("half" + source) % 2 == 1) {
                judged.add(new Judged(text, right, source));
            }
        });
        judged.sort(Comparator.comparingLong((Judged one) -> checksum(kind + one.source()))
                .thenComparing(Judged::source));
        kinds.put(kind, judged);
    }

    /** For each kind of query, up to so many. */
    Map<String, List<Judged>> some(int most) {
        Map<String, List<Judged>> some = new LinkedHashMap<>();
        kinds.forEach((kind, judged) -> some.put(kind, judged.subList(0, Math.min(most, judged.size()))));
        return some;
    }

    private static String plain(String text) {
        return text.toLowerCase(Locale.ROOT).strip().replaceAll("\\s+", " ");
    }

    private static Stream<String> words(String text) {
        return WORD.matcher(text).results().map(MatchResult::group);
    }

    private static long checksum(String text) {
        CRC32 checksum = new CRC32();
        checksum.update(text.getBytes(StandardCharsets.UTF_8));
        return checksum.getValue();
    }

    /** Three words that mean something: "System and method" is nobody's in particular. */
    private static String title(String title) {
        return words(title).filter(word -> !COMMON.contains(word)).count() < 3 ? null : title;
    }

    /** Plurals for singulars, and the other way round. */
    private static String otherNumbers(String title) {
        String others = WORD.matcher(title).replaceAll(word -> otherNumber(word.group()));
        return title(title) == null || others.equals(title) ? null : others;
    }

    private static String otherNumber(String word) {
        if (word.length() < 4 || COMMON.contains(word) || word.matches(".*(ss|us|is|ing|ed|ly)")) {
            return word;
        }
        if (word.endsWith("ies")) {
            return word.replaceFirst("ies$", "y");
        }
        if (word.matches(".*(x|ch|sh|ss)es")) {
            return word.replaceFirst("es$", "");
        }
        if (word.endsWith("s")) {
            return word.replaceFirst("s$", "");
        }
        if (word.matches(".*[^aeiou]y")) {
            return word.replaceFirst("y$", "ies");
        }
        return word + (word.matches(".*(x|ch|sh)") ? "es" : "s");
    }

    /** In the two longest words. */
    private static String twoTypos(String title) {
        List<String> longest = longest(2, title);
        return title(title) == null || longest.size() < 2
                ? null
                : WORD.matcher(title)
                        .replaceAll(word -> longest.contains(word.group()) ? typo(word.group(), title) : word.group());
    }

    /** The three longest words of a title among words that everyone uses: most of a question's words are in no patent. */
    private static String question(String title) {
        List<String> longest = longest(3, title);
        return title(title) == null || longest.size() < 3
                ? null
                : "Who here knows how someone could keep %s away from his neighbour's %s or %s at home?"
                        .formatted(longest.toArray());
    }

    private static List<String> longest(int number, String title) {
        return words(title)
                .filter(word -> word.length() >= 6)
                .distinct()
                .sorted(Comparator.comparingInt(String::length).reversed().thenComparing(word -> word))
                .limit(number)
                .toList();
    }

    private static String fiveWords(String text) {
        Set<String> words = words(text)
                .filter(word -> word.length() >= 4 && !COMMON.contains(word))
                .collect(Collectors.toCollection(LinkedHashSet::new));
        List<String> five = words.stream()
                .sorted(Comparator.comparingLong(word -> checksum(text + word)))
                .limit(5)
                .toList();
        return five.size() < 5 ? null : words.stream().filter(five::contains).collect(Collectors.joining(" "));
    }

    /** In its longest part, of five letters or more. */
    private static String nameWithTypo(String name) {
        return words(name)
                .filter(word -> word.length() >= 5)
                .max(Comparator.comparingInt(String::length))
                .map(longest -> name.replace(longest, typo(longest, name)))
                .orElse(null);
    }

    /** Two letters swapped, one left out, one doubled, or another one: anywhere, also at the beginning. */
    private static String typo(String word, String source) {
        long sum = checksum(source + word);
        int at = (int) ((sum >> 4) % (word.length() - 1));
        String before = word.substring(0, at);
        char letter = word.charAt(at);
        char next = word.charAt(at + 1);
        return switch ((int) (sum % 4)) {
            case 0 -> before + next + letter + word.substring(at + 2);
            case 1 -> before + word.substring(at + 1);
            case 2 -> before + letter + word.substring(at);
            default -> before + (char) ('a' + (sum >> 12) % 26) + word.substring(at + 1);
        };
    }
}
