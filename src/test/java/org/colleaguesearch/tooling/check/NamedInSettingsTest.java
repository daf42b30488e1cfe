package org.colleaguesearch.tooling.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.colleaguesearch.settings.GivenSettings;
import org.colleaguesearch.settings.ShippedSettings;
import org.junit.jupiter.api.Test;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;

class NamedInSettingsTest {
    /** The settings that were read. Finding route files reads their pattern. */
    private final List<String> asked = new ArrayList<>();

    @Test
    void readsRouteFilesOnlyIfSettingsNameAnIndexer() {
        assertThat(new NamedInSettings(ShippedSettings.with(), given()).problems())
                .isEmpty();
        assertThat(asked).isEmpty();

        new NamedInSettings(ShippedSettings.with("colleagues.indexing.only=patents"), given()).problems();
        assertThat(asked).contains("camel.main.routes-include-pattern");
    }

    private GivenSettings given() {
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new PropertySource<>("asked", asked) {
            @Override
            public Object getProperty(String name) {
                asked.add(name);
                return null;
            }
        });
        return new GivenSettings(environment);
    }
}
