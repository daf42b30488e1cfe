package org.colleaguesearch.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.colleaguesearch.settings.OpenToOthers.permissions;

import java.nio.file.Path;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.impl.DefaultCamelContext;
import org.colleaguesearch.settings.OpenToOthers;
import org.colleaguesearch.settings.ShippedSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files and folders that routes create through {@code file:}, whether routes of the project or of its users. */
class FileEndpointPermissionsTest {
    @TempDir
    Path folder;

    private final CamelContext camel = new DefaultCamelContext();

    @AfterEach
    void stop() {
        camel.stop();
    }

    @Test
    void onlyTheOwnerCanReadFilesAndFoldersOfARoute() throws Exception {
        start();
        camel.createProducerTemplate()
                .sendBodyAndHeader("file:" + folder.resolve("out"), "text", "CamelFileName", "a/b/c.txt");
        Consumer consumer = camel.getEndpoint("file:" + folder.resolve("in/x")).createConsumer(exchange -> {});
        consumer.start();
        consumer.stop();

        assertThat(folder.resolve("out/a/b/c.txt")).hasContent("text");
        assertThat(folder.resolve("in/x")).isEmptyDirectory();
        assertThat(OpenToOthers.below(folder)).isEmpty();
    }

    @Test
    void othersCanReadThemIfConfigured() throws Exception {
        start("colleagues.files.readable-by=group");
        camel.createProducerTemplate()
                .sendBodyAndHeader("file:" + folder.resolve("out"), "text", "CamelFileName", "c.txt");

        assertThat(permissions(folder.resolve("out"))).isEqualTo("rwxr-x---");
        assertThat(permissions(folder.resolve("out/c.txt"))).isEqualTo("rw-r-----");
    }

    @Test
    void endpointKeepsItsOwnPermissions() throws Exception {
        start();
        camel.createProducerTemplate()
                .sendBodyAndHeader(
                        "file:" + folder.resolve("out") + "?chmod=664&chmodDirectory=775",
                        "text",
                        "CamelFileName",
                        "c.txt");

        assertThat(permissions(folder.resolve("out"))).isEqualTo("rwxrwxr-x");
        assertThat(permissions(folder.resolve("out/c.txt"))).isEqualTo("rw-rw-r--");
    }

    private void start(String... settings) {
        new FileEndpointPermissions(ShippedSettings.with(settings)).beforeApplicationStart(camel);
        camel.start();
    }
}
