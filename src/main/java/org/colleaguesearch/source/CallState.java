package org.colleaguesearch.source;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.SafeCopyProperty;
import org.colleaguesearch.settings.Settings;

/**
 * The state of a call from its first attempt to its outcome. No step of a route can remove it, since it is not a
 * header, property or variable. It belongs to one exchange, which Camel hands to one thread at a time; a copy of the
 * exchange starts with a new state.
 */
public final class CallState implements SafeCopyProperty {
    private static final String KEY = CallState.class.getName();

    private RunCalls run;
    private String api;
    private Request request;
    private Lane lane;
    private Integer splitIndex;
    private int retries;
    private int retriesInAll;
    private long delay;
    private long attemptBegan = System.nanoTime();
    private final Map<String, String> responseHeaders = new HashMap<>();

    private CallState() {}

    /** Returns the state of a call, created on first use. */
    public static CallState of(Exchange call) {
        CallState state = call.getExchangeExtension().getSafeCopyProperty(KEY, CallState.class);
        if (state == null) {
            state = new CallState();
            state.learn(call);
            call.getExchangeExtension().setSafeCopyProperty(KEY, state);
        }
        return state;
    }

    /** Begins a call: resets its retries, whatever the exchange has called before. */
    static void begin(Exchange call) {
        CallState state = of(call);
        state.learn(call);
        state.retries = 0;
        state.delay = 0;
    }

    private void learn(Exchange call) {
        run = run(call);
        api = call.getVariable("api") instanceof String name ? name : Settings.DEFAULT_API;
        request = call.getVariable("request") instanceof Request its ? its : Request.GET;
        lane = call.getVariable("chunk") instanceof Lane its ? its : null;
        splitIndex = call.getProperty(ExchangePropertyKey.SPLIT_INDEX, Integer.class);
    }

    private static RunCalls run(Exchange call) {
        if (call.getVariable("run") instanceof RunCalls.Owner run) {
            return run.calls();
        }
        // A call without a run or batch, such as in a dry run, stands for itself.
        return call.getVariable("batch") instanceof RunCalls.Owner batch ? batch.calls() : new RunCalls();
    }

    /** The run or batch that the call is made for. */
    RunCalls run() {
        return run;
    }

    /** The name of the API that is called: that in the variable {@code api}, if any. */
    public String api() {
        return api;
    }

    /** What is sent: the variable {@code request}, if any, else GET. */
    Request request() {
        return request;
    }

    /** The chunk that the call belongs to; null for none. */
    public Lane lane() {
        return lane;
    }

    /** The index of the call in its split, from 0; null outside a split. */
    public Integer splitIndex() {
        return splitIndex;
    }

    /** How often the URL has been retried since the call began. */
    int retries() {
        return retries;
    }

    void retry() {
        retries++;
        retriesInAll++;
    }

    /** The pause before the last retry, in milliseconds; 0 for none. */
    long delay() {
        return delay;
    }

    void delay(long millis) {
        delay = millis;
    }

    /** The number of attempts so far; for a section with pages, one plus the retries of all pages. */
    public int attempts() {
        return 1 + retriesInAll;
    }

    public void beginAttempt() {
        attemptBegan = System.nanoTime();
        responseHeaders.clear();
    }

    /** Several headers of one name are joined as RFC 9110, section 5.3, says. */
    void addResponseHeader(String name, String value) {
        responseHeaders.merge(name.toLowerCase(Locale.ROOT), value, (first, next) -> first + ", " + next);
    }

    /** The headers of the last response with a good status, by lower-case names. */
    public Map<String, String> responseHeaders() {
        return Map.copyOf(responseHeaders);
    }

    /** How long the current or last attempt has taken so far, in nanoseconds. */
    public long nanosOfAttempt() {
        return System.nanoTime() - attemptBegan;
    }

    @Override
    public SafeCopyProperty safeCopy() {
        CallState copy = new CallState();
        copy.run = run;
        copy.api = api;
        copy.request = request;
        copy.lane = lane;
        copy.splitIndex = splitIndex;
        return copy;
    }
}
