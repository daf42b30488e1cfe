package org.colleaguesearch.tooling.check;

import java.util.stream.Stream;
import org.colleaguesearch.settings.Problem;

/** One thing that holds for route files. Stateless, for any thread. */
interface Rule {
    Stream<Problem> problems(Routes routes);
}
