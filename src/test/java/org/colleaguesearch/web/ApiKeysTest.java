package org.colleaguesearch.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.colleaguesearch.settings.Secret;
import org.colleaguesearch.settings.Settings;
import org.colleaguesearch.settings.Settings.Scope;
import org.junit.jupiter.api.Test;

class ApiKeysTest {
    private final NewKey ada = NewKey.make("ada", EnumSet.of(Scope.SEARCH));
    private final NewKey bob = NewKey.make("bob", EnumSet.of(Scope.EXPORT));

    @Test
    void findsMatchingKey() {
        ApiKeys keys = new ApiKeys(List.of(setting(ada), setting(bob)));

        assertThat(keys.find(ada.text())).get().extracting(ApiKey::name).isEqualTo("ada");
        assertThat(keys.find(bob.text())).get().extracting(ApiKey::scopes).isEqualTo(Set.of(Scope.EXPORT));
        assertThat(keys.isEmpty()).isFalse();
    }

    @Test
    void findsNothingForInvalidKey() {
        ApiKeys keys = new ApiKeys(List.of(setting(ada)));

        for (String wrong : List.of("", ".", "ada", "ada.", bob.text(), "ada." + bob.text(), ada.text() + "=")) {
            assertThat(keys.find(wrong)).as(wrong).isEmpty();
        }
        assertThat(new ApiKeys(List.of()).find("")).isEmpty();
        assertThat(new ApiKeys(List.of()).find(".")).isEmpty();
    }

    @Test
    void admitsFirstKey() {
        ApiKeys keys = new ApiKeys(List.of());
        assertThat(keys.isEmpty()).isTrue();

        keys.admit(ada.kept());

        assertThat(keys.find(ada.text())).isPresent();
        assertThat(keys.isEmpty()).isFalse();
    }

    @Test
    void keyHas256RandomBitsAndIsStoredAsSaltedHash() {
        assertThat(ada.text()).matches("ada\\.[A-Za-z0-9_-]{43}");
        String secret = ada.text().substring("ada.".length());
        assertThat(ada.kept().hash().toString())
                .matches("sha256:[A-Za-z0-9_-]{22}:[A-Za-z0-9_-]{43}")
                .doesNotContain(secret);
        assertThat(KeyHash.of(secret).toString())
                .isNotEqualTo(KeyHash.of(secret).toString());
        assertThat(KeyHash.parse(KeyHash.of(secret).toString()).matches(secret)).isTrue();
        assertThat(KeyHash.of(secret).matches(secret + "x")).isFalse();
        assertThat(ada.toString()).doesNotContain(secret);
    }

    private static Settings.Key setting(NewKey key) {
        return new Settings.Key(
                key.kept().name(),
                Secret.valueOf(key.kept().hash().toString()),
                key.kept().scopes());
    }
}
