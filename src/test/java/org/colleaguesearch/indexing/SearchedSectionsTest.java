package org.colleaguesearch.indexing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.colleaguesearch.failure.StartFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.boot.test.system.CapturedOutput;

/** Which sections are searched at the start, and after edits of the routes. */
class SearchedSectionsTest {
    private static final String WARNING = "this takes effect at the next start";

    @TempDir
    Path folder;

    @Test
    void editAddsASectionThatTheIndexCanTake(CapturedOutput output) throws Exception {
        SearchedSections sections = sections(true);
        sections.beforeApplicationStart(routes(Map.of("works", "title")));

        sections.afterApplicationStart(routes(Map.of("works", "title", "talks", "title", "notes", "")));

        assertThat(names(sections)).containsExactly("talks", "works");
        assertThat(output).doesNotContain(WARNING);
    }

    @Test
    void editThatTheIndexCannotTakeWaitsForTheNextStart(CapturedOutput output) throws Exception {
        SearchedSections sections = sections(false);
        CamelContext first = routes(Map.of("works", "title"));
        sections.beforeApplicationStart(first);
        sections.afterApplicationStart(first);
        assertThat(output).doesNotContain(WARNING);

        CamelContext edited = routes(Map.of("works", "venue"));
        sections.beforeApplicationStart(edited);
        sections.afterApplicationStart(edited);

        assertThat(sections.all().get(0).search()).containsOnlyKeys("title");
        assertThat(output).contains(WARNING);
    }

    @Test
    void nothingIsSearchedWithoutDeclarations() throws Exception {
        SearchedSections sections = sections(true);

        sections.beforeApplicationStart(routes(Map.of("notes", "")));

        assertThat(sections.all()).isEmpty();
    }

    @Test
    void startFailsIfAResultWouldHaveTwoFieldsOfOneName() throws Exception {
        CamelContext camel = routes(Map.of("score", "title"), "works", "title");

        assertThatThrownBy(() -> sections(true).beforeApplicationStart(camel))
                .hasMessageContaining("results have a field 'score' of their own");
        CamelContext same = routes(Map.of("works", "title"), "talks", "title, until current as works");
        assertThatThrownBy(() -> sections(true).beforeApplicationStart(same))
                .isInstanceOf(StartFailure.class)
                .hasMessage("indexer works: show: another indexer has the name 'works', too: choose another name");
    }

    private static List<String> names(SearchedSections sections) {
        return sections.all().stream().map(Searched::section).toList();
    }

    private static SearchedSections sections(boolean takesEdits) {
        StaticListableBeanFactory beans = new StaticListableBeanFactory();
        SearchedSections.Index index = (declared, indexers) -> takesEdits;
        beans.addBean("index", index);
        return new SearchedSections(
                beans.getBeanProvider(CurrentRoutes.class), beans.getBeanProvider(SearchedSections.Index.class));
    }

    /** The routes of indexers, not started. {@code searched}: what each searches, or nothing. */
    private CamelContext routes(Map<String, String> searched, String... shown) throws Exception {
        StringBuilder yaml = new StringBuilder();
        searched.forEach((name, search) -> yaml.append(indexer(name, search, "")));
        if (shown.length > 0) {
            yaml.append(indexer(shown[0], "title", shown[1]));
        }
        Path file = Files.writeString(Files.createTempFile(folder, "indexers", ".camel.yaml"), yaml);
        DefaultCamelContext camel = new DefaultCamelContext();
        camel.build();
        for (Path each : List.of(Path.of("routes/index/index-chunk.camel.yaml"), file)) {
            Resource resource = ResourceHelper.resolveMandatoryResource(camel, "file:" + each.toAbsolutePath());
            PluginHelper.getRoutesLoader(camel).loadRoutes(resource);
        }
        return camel;
    }

    private static String indexer(String name, String search, String show) {
        return """
                - templatedRoute:
                    routeId: index-%1$s
                    routeTemplateRef: index-chunk
                    parameters:
                      - {name: indexer, value: %1$s}
                      - {name: url, value: "/people/{id}/%1$s"}
                      - {name: section, value: .items}
                      - {name: columns, value: title}
                      - {name: search, value: "%2$s"}
                      - {name: show, value: "%3$s"}
                """.formatted(name, search, show);
    }
}
