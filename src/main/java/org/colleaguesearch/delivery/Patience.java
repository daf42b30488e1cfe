package org.colleaguesearch.delivery;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** How long an OpenSearch that refuses is waited for, and with what pauses. */
record Patience(Duration longest) {
    private static final long FIRST_PAUSE_MILLIS = 200;

    /** Long enough to ease its load, short enough that little time is lost once it is back. */
    private static final long LONGEST_PAUSE_MILLIS = 10_000;

    boolean isOver(Duration waited) {
        return waited.compareTo(longest) >= 0;
    }

    /**
     * The pause after this many refusals in a row, at least 1: twice as long each time, and not past the end of the
     * patience. Half of it is left to chance, so that those refused together do not come back together.
     *
     * @param waited how much of the patience is gone
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

    /** As a person would say it, such as 10 min or 1.5 s. */
    @Override
    public String toString() {
        long seconds = longest.toSeconds();
        return seconds > 0 && seconds % 60 == 0 ? seconds / 60 + " min" : longest.toMillis() / 1000.0 + " s";
    }
}
