package org.colleaguesearch.web;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.colleaguesearch.settings.Settings;

/** The valid API keys. Thread-safe: the map is immutable, and replaced once, when the first key is admitted. */
final class ApiKeys {
    /** Stands in for a key of unknown name, so that the response takes as long as for a known one. */
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

    /** Makes this the only key; called if the settings have none. */
    void admit(ApiKey first) {
        byName = Map.of(first.name(), first);
    }

    /** The stored key that the presented key matches; empty if none does. */
    Optional<ApiKey> find(String presented) {
        int dot = presented.indexOf('.');
        ApiKey known = byName.get(presented.substring(0, Math.max(dot, 0)));
        boolean matches = (known == null ? NOBODY : known).hash().matches(presented.substring(dot + 1));
        return matches ? Optional.ofNullable(known) : Optional.empty();
    }
}
