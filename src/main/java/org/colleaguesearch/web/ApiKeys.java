package org.colleaguesearch.web;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.colleaguesearch.settings.Settings;

/** The valid API keys. Safe for any thread: it changes once, when the first key is admitted. */
final class ApiKeys {
    /** Compared with a key of an unknown name, so that the response takes as long. */
    private static final ApiKey NOBODY = new ApiKey("", KeyHash.of(""), Set.of());

    private volatile Map<String, ApiKey> byName;

    ApiKeys(List<Settings.Key> keys) {
        byName = keys.stream()
                .map(key -> new ApiKey(key.name(), KeyHash.parse(key.hash().reveal()), key.scopes()))
                .collect(Collectors.toUnmodifiableMap(ApiKey::name, Function.identity()));
    }

    boolean isEmpty() {
        return byName.isEmpty();
    }

    /** Makes this the only key, where the settings have none. */
    void admit(ApiKey first) {
        byName = Map.of(first.name(), first);
    }

    /** The stored key that this one matches; empty for none. */
    Optional<ApiKey> find(String presented) {
        int dot = presented.indexOf('.');
        ApiKey known = byName.get(presented.substring(0, Math.max(dot, 0)));
        boolean matches = (known == null ? NOBODY : known).hash().matches(presented.substring(dot + 1));
        return matches ? Optional.ofNullable(known) : Optional.empty();
    }
}
