package org.colleaguesearch.routes.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.config.YamlPropertiesFactoryBean;
import org.springframework.core.io.FileSystemResource;

/** What holds for every route file, with every problem at once. The rules are tested by {@link ContractTest}. */
class RouteFilesContractTest {
    private static final String POOLS = "camel.threadpool.config.";

    @Test
    void everyRouteFileKeepsTheContract() throws IOException {
        Set<String> settings = settings();
        Set<String> pools = new TreeSet<>();
        settings.stream()
                .filter(key -> key.startsWith(POOLS))
                .forEach(key -> pools.add(key.substring(POOLS.length()).replaceFirst("\\..*", "")));

        Set<String> entrances = new TreeSet<>(Entrances.inMainCode());
        entrances.addAll(Entrances.inContract());

        RouteFiles files = RouteFiles.in(Path.of("routes"));

        assertThat(files.files()).hasSizeGreaterThan(10);
        assertThat(new Contract(settings, pools, Beans.names(), entrances).problems(files))
                .isEmpty();
    }

    private static Set<String> settings() {
        YamlPropertiesFactoryBean yaml = new YamlPropertiesFactoryBean();
        yaml.setResources(new FileSystemResource("application.yml"));
        return yaml.getObject().keySet().stream().map(Object::toString).collect(Collectors.toSet());
    }
}
