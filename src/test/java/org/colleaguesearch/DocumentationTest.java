package org.colleaguesearch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** README.md and docs/ link to files and headings that exist, and quote route tests verbatim. */
class DocumentationTest {
    private static final Path TESTING = Path.of("docs/testing.md");
    private static final Pattern LINK = Pattern.compile("]\\((?!https?:)([^)#\\s]*)(?:#([^)\\s]+))?\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");
    private static final Pattern CODE = Pattern.compile("(?ms)^```.*?^```$");
    private static final Pattern QUOTED_TEST =
            Pattern.compile("(?ms)^```yaml\\n# (routes/\\S+\\.test\\.yaml)\\ncases:\\n(.*?)^```$");

    static Stream<Path> pages() throws IOException {
        try (Stream<Path> docs = Files.list(Path.of("docs"))) {
            return Stream.concat(
                    Stream.of(Path.of("README.md")),
                    docs.filter(page -> page.toString().endsWith(".md")))
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void linksHaveTargets(Path page) throws IOException {
        List<String> links =
                LINK.matcher(text(page)).results().map(MatchResult::group).toList();

        assertThat(links).isNotEmpty().allSatisfy(link -> {
            MatchResult parts = LINK.matcher(link).results().findFirst().orElseThrow();
            Path target = parts.group(1).isEmpty()
                    ? page
                    : Path.of("").resolve(page).resolveSibling(parts.group(1)).normalize();
            assertThat(target).exists();
            if (parts.group(2) != null) {
                assertThat(anchors(target)).contains(parts.group(2));
            }
        });
    }

    @Test
    void quotesTestsVerbatim() throws IOException {
        List<MatchResult> quotes =
                QUOTED_TEST.matcher(Files.readString(TESTING)).results().toList();

        assertThat(quotes)
                .isNotEmpty()
                .allSatisfy(
                        quote -> assertThat(Path.of(quote.group(1))).content().contains(quote.group(2)));
    }

    /** The anchors that GitHub generates for headings. */
    private static List<String> anchors(Path page) throws IOException {
        return HEADING.matcher(text(page))
                .results()
                .map(heading -> heading.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\w -]", "")
                        .replace(' ', '-'))
                .toList();
    }

    private static String text(Path page) throws IOException {
        return CODE.matcher(Files.readString(page)).replaceAll("");
    }
}
