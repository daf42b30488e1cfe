package org.colleaguesearch.indexing;

import java.util.Objects;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.ExecutorServiceManager;
import org.apache.camel.spi.ThreadPoolProfile;
import org.colleaguesearch.api.Workers;
import org.springframework.stereotype.Component;

/** Adds up the threads that the indexers' pools have. */
@Component
class PoolWorkers implements Workers {
    private final CamelContext camel;
    private final Indexers indexers;

    PoolWorkers(CamelContext camel, Indexers indexers) {
        this.camel = camel;
        this.indexers = indexers;
    }

    /** At least 1, for the list of people. */
    @Override
    public int count() {
        ExecutorServiceManager pools = camel.getExecutorServiceManager();
        return Math.max(
                1,
                indexers.all().stream()
                        .map(indexer -> pools.getThreadPoolProfile(indexer.pool()))
                        .filter(Objects::nonNull)
                        .mapToInt(ThreadPoolProfile::getPoolSize)
                        .sum());
    }
}
