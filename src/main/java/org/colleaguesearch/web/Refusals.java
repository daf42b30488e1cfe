package org.colleaguesearch.web;

import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs to {@code audit} each request that was refused before its key was known, or because it looked like an attack. At
 * most ten a second: anyone who can connect can cause refusals, and must not fill the disk. Thread-safe.
 */
final class Refusals {
    private static final Logger AUDIT = LoggerFactory.getLogger("audit");
    private static final int MAX_PATH_LENGTH = 200;

    private final RateLimiter lines = RateLimiter.of("refusals", perSecond(10));
    private final AtomicLong suppressed = new AtomicLong();

    /** A limiter that never blocks: above the limit, it denies permission. */
    static RateLimiterConfig perSecond(int limit) {
        return RateLimiterConfig.custom()
                .limitForPeriod(limit)
                .limitRefreshPeriod(Duration.ofSeconds(1))
                .timeoutDuration(Duration.ZERO)
                .build();
    }

    void note(String address, String path, int status) {
        if (lines.acquirePermission()) {
            AUDIT.info(
                    "refused: address={} path={} status={} suppressed={}",
                    address,
                    start(path),
                    status,
                    suppressed.getAndSet(0));
        } else {
            suppressed.incrementAndGet();
        }
    }

    /** The start of a path, short enough for a log line. */
    static String start(String path) {
        return path.substring(0, Math.min(path.length(), MAX_PATH_LENGTH));
    }
}
