package org.colleaguesearch.tooling.live;

import java.util.List;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.processor.Resequencer;
import org.apache.camel.processor.StreamResequencer;
import org.apache.camel.processor.aggregate.AggregateProcessor;
import org.apache.camel.processor.aggregate.MemoryAggregationRepository;
import org.apache.camel.spi.RouteStartupOrder;
import org.apache.camel.spi.ShutdownAware;

/**
 * What waits in the memory of a context's routes, no exchange being under way for it: in queues, in groups, in batches.
 * Safe for any thread.
 */
record Pending(CamelContext camel) {
    /** How many messages and groups wait. */
    int size() {
        return services()
                .mapToInt(service -> switch (service) {
                    case AggregateProcessor group -> groups(group) + group.getInProgressCompleteExchanges();
                    case ShutdownAware queue -> queue.getPendingExchangesSize();
                    default -> 0;
                })
                .sum();
    }

    /** What a database or a file keeps is for the next routes to complete. */
    private static int groups(AggregateProcessor group) {
        return group.getAggregationRepository() instanceof MemoryAggregationRepository inMemory
                ? inMemory.getKeys().size()
                : 0;
    }

    /** Completes the groups that wait for messages only. Those that have a time-out are completed by that. */
    void completeGroups() {
        services()
                .filter(service -> service instanceof AggregateProcessor group && groups(group) > 0 && !isTimed(group))
                .forEach(service -> ((AggregateProcessor) service).forceCompletionOfAllGroups());
    }

    private static boolean isTimed(AggregateProcessor group) {
        return group.getCompletionTimeout() > 0
                || group.getCompletionTimeoutExpression() != null
                || group.getCompletionInterval() > 0;
    }

    /** How long messages may wait to be put in order, which do not say how many they are; in ms. */
    long longestBatch() {
        return services()
                .mapToLong(service -> switch (service) {
                    case Resequencer batch -> batch.getBatchTimeout();
                    case StreamResequencer stream -> stream.getTimeout();
                    default -> 0;
                })
                .max()
                .orElse(0);
    }

    private Stream<Object> services() {
        return List.copyOf(camel.getCamelContextExtension().getRouteStartupOrder()).stream()
                .map(RouteStartupOrder::getServices)
                .flatMap(List::stream);
    }
}
