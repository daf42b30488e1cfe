package org.colleaguesearch.runs;

import java.time.Instant;
import java.util.Optional;

/** What is known of the last batch of an earlier start of the application. */
public interface LastBatch {
    /** When it began, or none if there was none. */
    Optional<Instant> began();
}
