package org.colleaguesearch.check;

import java.util.stream.Stream;

/** One thing that holds for route files. Stateless, for any thread. */
interface Rule {
    Stream<Problem> problems(Routes routes);
}
