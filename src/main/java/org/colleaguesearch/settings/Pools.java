package org.colleaguesearch.settings;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/** Validates {@code camel.threadpool.config}, which Camel does not. Immutable. */
@Validated
@ConfigurationProperties(prefix = "camel.threadpool")
public record Pools(@NotNull @Valid Map<String, Pool> config) {
    /** The number of threads in each pool of a profile. */
    public record Pool(@NotNull @Min(1) @Max(5_000) Integer poolSize) {}
}
