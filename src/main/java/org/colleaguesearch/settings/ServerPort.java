package org.colleaguesearch.settings;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/** Validates {@code server.port}. Immutable. {@code port} 0: any free one; -1: none. */
@Validated
@ConfigurationProperties(prefix = "server")
public record ServerPort(@Min(-1) @Max(65_535) Integer port) {
    /** Validates {@code management.server.port}. */
    @Validated
    @ConfigurationProperties(prefix = "management.server")
    public record OfManagement(@Min(-1) @Max(65_535) Integer port) {}
}
