package org.colleaguesearch.web;

import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;

/** How many requests a second a key may make. Safe for any thread; there are as many limiters as keys. */
final class RateLimits {
    private final ConcurrentHashMap<String, RateLimiter> limiters = new ConcurrentHashMap<>();
    private final RateLimiterConfig config;

    RateLimits(int perSecond) {
        config = perSecond(perSecond);
    }

    /** Refuses at once what is too much, and lets nobody wait. */
    static RateLimiterConfig perSecond(int limit) {
        return RateLimiterConfig.custom()
                .limitForPeriod(limit)
                .limitRefreshPeriod(Duration.ofSeconds(1))
                .timeoutDuration(Duration.ZERO)
                .build();
    }

    /** Counts a request of a key, by its name; false when it is one too many. */
    boolean take(String key) {
        return limiters.computeIfAbsent(key, name -> RateLimiter.of(name, config))
                .acquirePermission();
    }
}
