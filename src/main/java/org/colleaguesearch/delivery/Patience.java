package org.colleaguesearch.delivery;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** How long to retry while OpenSearch refuses requests, and with what pauses. */
record Patience(Duration longest) {
    private static final long FIRST_PAUSE_MILLIS = 200;

    /** Long enough to ease the load on OpenSearch, short enough to resume soon after it recovers. */
    private static final long LONGEST_PAUSE_MILLIS = 10_000;

    boolean isOver(Duration waited) {
        return waited.compareTo(longest) >= 0;
    }

    /**
     * The pause after a number of consecutive refusals, at least 1. It doubles each time and ends with the patience. Half
     * of it is random, so that requests refused together are not retried together.
     *
     * @param waited how much of the patience is used up
     */
    Duration pause(int refusals, Duration waited) {
        long full = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(refusals - 1, 10));
        Duration pause = Duration.ofMillis(ThreadLocalRandom.current().nextLong(full / 2, full + 1));
        Duration left = longest.minus(waited);
        if (left.isNegative()) {
            return Duration.ZERO;
        }
        return pause.compareTo(left) < 0 ? pause : left;
    }

    /** For messages, such as 10 min or 1.5 s. */
    @Override
    public String toString() {
        long seconds = longest.toSeconds();
        return seconds > 0 && seconds % 60 == 0 ? seconds / 60 + " min" : longest.toMillis() / 1000.0 + " s";
    }
}
