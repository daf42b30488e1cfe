package org.colleaguesearch.runs;

import java.util.List;
import java.util.TreeSet;
import org.apache.camel.CamelContext;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.colleaguesearch.failure.StartFailure;
import org.colleaguesearch.indexing.Indexer;
import org.colleaguesearch.indexing.Indexers;
import org.colleaguesearch.settings.Pools;
import org.colleaguesearch.settings.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Checks the settings against the indexers that the route files declare, once the files are read. */
@Component
class StartChecks implements CamelContextConfiguration {
    private static final Logger LOG = LoggerFactory.getLogger(StartChecks.class);

    private final Settings settings;
    private final Pools pools;

    StartChecks(Settings settings, Pools pools) {
        this.settings = settings;
        this.pools = pools;
    }

    @Override
    public void beforeApplicationStart(CamelContext camel) {
        check(Indexers.in(camel));
    }

    void check(List<Indexer> all) {
        List<String> names = all.stream().map(Indexer::name).toList();
        if (names.isEmpty()) {
            throw new StartFailure("no indexer found in the route files:"
                    + " start the application in the folder that contains routes/");
        }
        names.forEach(name -> Indexer.wrongName(name).ifPresent(wrong -> {
            throw new StartFailure(wrong);
        }));
        all.forEach(this::checkPool);
    }

    @Override
    public void afterApplicationStart(CamelContext camel) {
        // Too late: batches may have started, and Camel would only log a failure.
    }

    private void checkPool(Indexer indexer) {
        if (!pools.config().containsKey(indexer.pool())) {
            throw new StartFailure("indexer " + indexer.name() + ": unknown pool '" + indexer.pool()
                    + "'; expected one of those under camel.threadpool.config in application.yml: "
                    + String.join(", ", new TreeSet<>(pools.config().keySet())));
        }
        int workers = pools.config().get(indexer.pool()).poolSize();
        int chunks = pools.config().get("chunks").poolSize();
        int batchSize = settings.indexing().batchSize();
        // Of the chunks in flight, one is being delivered and one is finishing its last calls.
        if (workers > (chunks - 2) * batchSize) {
            LOG.warn(
                    "{} chunks of {} people in flight cannot keep the {} threads of indexer {} busy: "
                            + "raise camel.threadpool.config.chunks.pool-size or BATCH_SIZE",
                    chunks,
                    batchSize,
                    workers,
                    indexer.name());
        }
    }
}
