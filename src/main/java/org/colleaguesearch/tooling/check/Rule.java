package org.colleaguesearch.tooling.check;

import java.util.stream.Stream;
import org.colleaguesearch.settings.Problem;

/** A rule that route files must follow. Stateless and thread-safe. */
interface Rule {
    Stream<Problem> problems(Routes routes);
}
