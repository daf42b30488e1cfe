package org.colleaguesearch.settings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Collections;
import org.springframework.boot.logging.LogLevel;

/** The settings of Spring and Camel, from the configuration metadata in their jars. */
final class LibrarySettings {
    private static final ObjectMapper JSON = new ObjectMapper();

    private LibrarySettings() {}

    /** Adds all of them. */
    static void addTo(SettingNames names) {
        addFiles("META-INF/spring-configuration-metadata.json", names);
        addFiles("META-INF/additional-spring-configuration-metadata.json", names);
        // The metadata says that its values are strings.
        names.add("logging.level", "java.util.Map<java.lang.String," + LogLevel.class.getName() + ">");
    }

    private static void addFiles(String name, SettingNames names) {
        try {
            for (URL file :
                    Collections.list(LibrarySettings.class.getClassLoader().getResources(name))) {
                try (InputStream content = file.openStream()) {
                    for (JsonNode setting : JSON.readTree(content).path("properties")) {
                        names.add(
                                setting.path("name").asText(),
                                setting.path("type").asText());
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
