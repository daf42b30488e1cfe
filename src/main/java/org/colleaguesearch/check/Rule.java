package org.colleaguesearch.check;

import java.util.stream.Stream;
import org.colleaguesearch.yaml.Problem;

/** One thing that holds for route files. Stateless, for any thread. */
interface Rule {
    Stream<Problem> problems(Routes routes);
}
