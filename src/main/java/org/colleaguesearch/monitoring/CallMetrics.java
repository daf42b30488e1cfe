package org.colleaguesearch.monitoring;

import com.fasterxml.jackson.core.JacksonException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.colleaguesearch.indexing.SharedPolicy;
import org.colleaguesearch.runs.Batch;
import org.colleaguesearch.runs.Run;
import org.colleaguesearch.source.ApiFailures;
import org.colleaguesearch.source.CallState;
import org.colleaguesearch.source.Lane;
import org.springframework.stereotype.Component;

/**
 * Times each API call from the request to the parsed response, as the policy of the route that makes it: {@code
 * colleagues.api.calls} by API, indexer and result. Also records the activity of the batch. Thread-safe: calls share
 * only the timers.
 *
 * <p>Not Camel's own route metrics, which do not know the indexer.
 */
@Component("callMetrics")
class CallMetrics extends SharedPolicy {
    static final String CALLS = "colleagues.api.calls";

    /** The tag {@code indexer} of calls that list the people. */
    static final String PEOPLE_LIST = "people-list";

    /** Upper bounds of the histogram's buckets; the longest is the default of {@code response-timeout}. */
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2500),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30)
    };

    private record Series(String api, String indexer, String result) {}

    private final MeterRegistry registry;
    private final Activity activity;

    /** Bounded by the APIs, the indexers and the known statuses. */
    private final ConcurrentHashMap<Series, Timer> timers = new ConcurrentHashMap<>();

    CallMetrics(MeterRegistry registry, Activity activity) {
        this.registry = registry;
        this.activity = activity;
    }

    @Override
    public void onExchangeBegin(Route route, Exchange call) {
        CallState.of(call).beginAttempt();
        noteActivity(call);
    }

    @Override
    public void onExchangeDone(Route route, Exchange call) {
        CallState state = CallState.of(call);
        long nanos = state.nanosOfAttempt();
        Lane lane = state.lane();
        noteActivity(call);
        Series series = new Series(state.api(), indexer(call, lane), result(call.getException()));
        timers.computeIfAbsent(series, this::timer).record(nanos, TimeUnit.NANOSECONDS);
    }

    /** A run reads a bulk feed before its first chunk. */
    private static String indexer(Exchange call, Lane lane) {
        Run run = call.getVariable("run", Run.class);
        return lane != null ? lane.indexer() : run != null ? run.indexer() : PEOPLE_LIST;
    }

    private void noteActivity(Exchange call) {
        Lane lane = CallState.of(call).lane();
        Batch batch = call.getVariable("batch", Batch.class);
        if (lane != null) {
            activity.note(lane.batchId());
        } else if (batch != null) {
            activity.note(batch.id());
        }
    }

    private Timer timer(Series series) {
        return Timer.builder(CALLS)
                .description("Calls to the APIs, including retries, from the request to the parsed response")
                .tag("api", series.api)
                .tag("indexer", series.indexer)
                .tag("result", series.result)
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    /** {@code ok}, the HTTP status of a failure, or its kind if it has none. */
    static String result(Exception failure) {
        Integer status = failure == null ? null : ApiFailures.status(failure);
        if (status != null) {
            return status >= 100 && status < 600 ? status.toString() : "other_status";
        }
        return switch (failure) {
            case null -> "ok";
            case JacksonException json -> "not_json";
            case InterruptedIOException timeout -> "timeout";
            default -> "no_answer";
        };
    }
}
