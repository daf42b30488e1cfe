package org.colleaguesearch.routes.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What holds for every shipped route file, with every problem at once. The rules are tested by {@link ContractTest}. */
class RouteFilesContractTest {
    @Test
    void everyRouteFileKeepsTheContract() throws IOException {
        Set<String> entrances = new TreeSet<>(DirectTargets.inMainCode());
        entrances.addAll(DirectTargets.inContract());

        RouteFiles files = RouteFiles.in(Path.of("routes"));

        assertThat(files.files()).hasSizeGreaterThan(10);
        assertThat(new Contract(entrances).problems(files)).isEmpty();
    }
}
