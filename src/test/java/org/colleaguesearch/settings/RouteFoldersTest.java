package org.colleaguesearch.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/** What Camel is told of the user's own route files. Folders are relative to that of the project. */
class RouteFoldersTest {
    private static final String INCLUDED = "camel.main.routes-include-pattern";
    private static final String EXCLUDED = "camel.main.routes-exclude-pattern";

    private final StandardEnvironment environment = new StandardEnvironment();

    @Test
    void addsExistingFoldersAfterTheShippedFilesEachOnce() {
        process(
                Map.of(
                        INCLUDED,
                        "file:routes/**/*.camel.yaml",
                        "colleagues.routes.folders",
                        "src/test/resources, src/main/, src/test/../main, src/test/resources/routes, gone, /etc, ../out, ., routes/api, src/*, {x}"));

        assertThat(environment.getProperty(INCLUDED))
                .isEqualTo("file:routes/**/*.camel.yaml,file:src/test/resources/**/*.camel.yaml,"
                        + "file:src/main/**/*.camel.yaml");
        assertThat(environment.getProperty(EXCLUDED)).isEqualTo("file:routes/examples/**");
    }

    @Test
    void addsNothingWithoutAFolder() {
        process(Map.of(INCLUDED, "file:routes/**/*.camel.yaml"));

        assertThat(RouteFolders.of(environment)).containsExactly(RouteFolders.SITE);
        assertThat(environment.getProperty(INCLUDED)).isEqualTo("file:routes/**/*.camel.yaml");
    }

    @Test
    void leavesOutFilesInAdditionToThoseThatAreLeftOutAnyway() {
        process(Map.of(
                EXCLUDED,
                "**/.*",
                "colleagues.routes.exclude[0]",
                "routes/indexers/*.camel.yaml",
                "colleagues.routes.exclude[1]",
                "**/sweep.camel.yaml"));

        assertThat(environment.getProperty(EXCLUDED))
                .isEqualTo("**/.*,file:routes/examples/**,file:routes/indexers/*.camel.yaml,**/sweep.camel.yaml");
    }

    private void process(Map<String, Object> settings) {
        environment.getPropertySources().addLast(new MapPropertySource("test", new LinkedHashMap<>(settings)));
        new RouteFolders().postProcessEnvironment(environment, null);
    }
}
