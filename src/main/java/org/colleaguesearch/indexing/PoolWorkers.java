package org.colleaguesearch.indexing;

import java.util.Objects;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.ExecutorServiceManager;
import org.apache.camel.spi.ThreadPoolProfile;
import org.colleaguesearch.source.Workers;
import org.springframework.stereotype.Component;

/** Counts the threads in the pools of indexers and exports. */
@Component
class PoolWorkers implements Workers {
    /** The pool named in index-export. */
    private static final String EXPORTS = "exports";

    private final CamelContext camel;
    private final Indexers indexers;

    PoolWorkers(CamelContext camel, Indexers indexers) {
        this.camel = camel;
        this.indexers = indexers;
    }

    @Override
    public int ofExports() {
        ThreadPoolProfile profile = camel.getExecutorServiceManager().getThreadPoolProfile(EXPORTS);
        return profile == null ? 1 : profile.getPoolSize();
    }

    /** At least 1, for the list of people. */
    @Override
    public int count() {
        ExecutorServiceManager pools = camel.getExecutorServiceManager();
        return Math.max(
                1,
                Stream.concat(indexers.all().stream().map(Indexer::pool), Stream.of(EXPORTS))
                        .map(pools::getThreadPoolProfile)
                        .filter(Objects::nonNull)
                        .mapToInt(ThreadPoolProfile::getPoolSize)
                        .sum());
    }
}
