package org.colleaguesearch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.convert.DurationStyle;

/** The files in deploy/ agree with application.yml, with the archive and with each other. */
class DeploymentTest {
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final Path IMAGE = Path.of("deploy/Dockerfile");
    private static final Path KUBERNETES = Path.of("deploy/kubernetes.yaml");
    private static final Path PROXY = Path.of("deploy/haproxy.cfg");
    private static final Path SETTINGS = Path.of("application.yml");
    /** What the archive has, but a node does not need. */
    private static final Set<String> NOT_IN_IMAGE =
            Set.of(".idea", ".vscode", "CHANGELOG.md", "README.md", "bench", "deploy", "docs", "opensearch", "src");
    /** A line with a setting, which is commented out if it is unset by default. */
    private static final Pattern SETTING = Pattern.compile("(?m)^( *)(?:# )?([a-z][a-z0-9-]*):(?: (.*))?$");

    private final Map<String, String> settings = settings();
    private final JsonNode compose = documents(Path.of("deploy/compose.yaml")).get(0);
    private final JsonNode pod = documents(KUBERNETES).stream()
            .filter(document -> document.path("kind").asText().equals("Deployment"))
            .findFirst()
            .orElseThrow()
            .at("/spec/template/spec");

    @Test
    void givesNodesVariablesThatTheyKnow() {
        Set<String> known = new TreeSet<>(matches("\\$\\{([A-Z_]+):", text(SETTINGS)));
        known.addAll(Set.of("JAVA_OPTS", "LANG"));
        settings.keySet().forEach(key -> known.add(bare(key)));
        List<String> given = names(compose.at("/x-node/environment"));
        given.addAll(matches("(?m)^  ([A-Z_]+):", text(KUBERNETES)));
        given.addAll(matches("\\b([A-Z_]+)=", text(IMAGE).replaceAll("(?m)^(ARG|#).*", "")));

        assertThat(given)
                .hasSizeGreaterThan(15)
                .allSatisfy(name -> assertThat(known).containsAnyOf(name, bare(name)));
    }

    @Test
    void usesThePortsOfTheApplication() {
        String api = settings.get("server.port");
        String management = settings.get("management.server.port");
        List<String> nodes = names(compose.path("services")).stream()
                .filter(service -> service.startsWith("node-"))
                .toList();

        assertThat(text(IMAGE)).contains("EXPOSE " + api + " " + management, "127.0.0.1/" + management + " ");
        assertThat(pod.at("/containers/0/ports").findValuesAsText("containerPort"))
                .containsExactly(api, management);
        assertThat(text(PROXY)).contains("check port " + management + " ");
        assertThat(matches("server (.*)", text(PROXY)))
                .containsAll(nodes.stream()
                        .map(node -> node + " " + node + ":" + api)
                        .toList());
    }

    @Test
    void copiesTheArchiveIntoTheImage() {
        String archive = text(Path.of("src/assembly/distribution.xml"));
        Set<String> contents = new TreeSet<>(matches("<outputDirectory>([^.<][^<]*)</", archive));
        contents.addAll(matches("<include>(\\w[\\w.]*)(?:/[^<]*)?</include>", archive));
        contents.add("colleague-search.jar");
        contents.removeAll(NOT_IN_IMAGE);
        contents.removeIf(name -> name.startsWith("colleague-search") && !name.endsWith(".jar"));

        assertThat(matches("(?m)^COPY (.*) \\S+$", text(IMAGE)).stream()
                        .flatMap(sources -> Stream.of(sources.split(" ")))
                        .map(source -> source.replaceFirst("/$", "")))
                .containsExactlyInAnyOrderElementsOf(contents);
    }

    @Test
    void leavesTimeToStop() {
        Duration needed = Duration.ofSeconds(Long.parseLong(settings.get("camel.main.shutdown-timeout")))
                .plus(duration("spring.lifecycle.timeout-per-shutdown-phase"));
        long before = pod.at("/containers/0/lifecycle/preStop/exec/command/1").asLong();

        assertThat(DurationStyle.detectAndParse(
                        compose.at("/x-node/stop_grace_period").asText()))
                .isGreaterThan(needed);
        assertThat(Duration.ofSeconds(pod.path("terminationGracePeriodSeconds").asLong()))
                .isGreaterThan(needed.plusSeconds(before));
    }

    @Test
    void proxyWaitsForExports() {
        assertThat(matches("timeout (?:client|server) (\\w+)", text(PROXY)))
                .hasSize(2)
                .allSatisfy(time -> assertThat(DurationStyle.detectAndParse(time))
                        .isGreaterThan(duration("colleagues.export.wait-at-most")));
    }

    private Duration duration(String key) {
        return DurationStyle.detectAndParse(settings.get(key));
    }

    /** The values of application.yml by key; null for a key with others below it. */
    private static Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        List<String> path = new ArrayList<>();
        SETTING.matcher(text(SETTINGS)).results().forEach(line -> {
            int depth = line.group(1).length() / 2;
            if (depth <= path.size()) {
                path.subList(depth, path.size()).clear();
                path.add(line.group(2));
                settings.put(String.join(".", path), line.group(3));
            }
        });
        return settings;
    }

    /** As Spring Boot compares keys with environment variables. */
    private static String bare(String name) {
        return name.replaceAll("[._-]", "").toUpperCase(Locale.ROOT);
    }

    private static List<JsonNode> documents(Path file) {
        try {
            return YAML.readerFor(JsonNode.class)
                    .<JsonNode>readValues(text(file))
                    .readAll();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> names(JsonNode node) {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static List<String> matches(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
