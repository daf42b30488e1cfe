package org.colleaguesearch.web;

import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notes in the log {@code audit} each request that was refused before its key was known, or since it looked like an attack,
 * up to ten a second: anyone who can connect can be refused, and must not fill the disk with it. Any thread may note: the
 * rate limiter and the counter are made for that.
 */
final class Refusals {
    private static final Logger AUDIT = LoggerFactory.getLogger("audit");
    private static final int LONGEST_PATH = 200;

    private final RateLimiter lines = RateLimiter.of("refusals", perSecond(10));
    private final AtomicLong unsaid = new AtomicLong();

    /** Refuses at once what is too much, and lets nobody wait. */
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
                    "refused: address={} path={} status={} unsaid={}",
                    address,
                    start(path),
                    status,
                    unsaid.getAndSet(0));
        } else {
            unsaid.incrementAndGet();
        }
    }

    /** Of a path, as much as a line of the log takes. */
    static String start(String path) {
        return path.substring(0, Math.min(path.length(), LONGEST_PATH));
    }
}
