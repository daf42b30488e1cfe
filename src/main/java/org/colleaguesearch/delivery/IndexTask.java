package org.colleaguesearch.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.colleaguesearch.failure.StartFailure;

/**
 * Work that OpenSearch does by itself on many documents, which takes longer than a response may: it is started as a task,
 * and watched until it ends.
 *
 * @param patience how long the task may make no progress
 * @param ending opens when the application is asked to stop
 */
public record IndexTask(IndexRequests requests, Duration patience, CountDownLatch ending) {
    private static final long POLL_MILLIS = 250;

    /** A task failed, but may succeed on the next attempt. The message is the reason. */
    static final class Failed extends IOException {
        Failed(String message) {
            super(message);
        }
    }

    /**
     * Starts a task and waits for its end.
     *
     * @param path such as {@code /index/_update_by_query?conflicts=proceed}
     * @param what for messages, such as {@code copying a to b}
     * @param progress gets the task's status whenever it has changed
     * @return the task: its {@code response}, and its {@code error} if it has one. Empty after a 404
     * @throws StartFailure if the application is asked to stop; the task goes on
     */
    public JsonNode run(String path, JsonNode body, String what, Consumer<JsonNode> progress)
            throws IOException, InterruptedException {
        String start = path + (path.contains("?") ? "&" : "?") + "wait_for_completion=false";
        String task = requests.callIfExists("POST", start, body).path("task").asText();
        if (task.isEmpty()) {
            return JsonNodeFactory.instance.objectNode();
        }
        JsonNode status = null;
        long advanced = System.nanoTime();
        while (true) {
            if (ending.await(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new StartFailure("the application is stopping; the next start resumes " + what);
            }
            JsonNode state = requests.callIfExists("GET", "/_tasks/" + task, null);
            if (state.isEmpty()) {
                throw new Failed("OpenSearch has lost the task that was " + what);
            }
            if (!state.at("/task/status").equals(status)) {
                status = state.at("/task/status");
                advanced = System.nanoTime();
                progress.accept(status);
            } else if (System.nanoTime() - advanced > patience.toNanos()) {
                requests.callIfExists("POST", "/_tasks/" + task + "/_cancel", null);
                throw new Failed("OpenSearch has made no progress for " + new Patience(patience) + " while " + what);
            }
            if (state.path("completed").asBoolean()) {
                return state;
            }
        }
    }

    /**
     * Like {@link #run}, for work of which nothing may fail.
     *
     * @throws Failed if the work on a document failed
     */
    public JsonNode runAll(String path, JsonNode body, String what, Consumer<JsonNode> progress)
            throws IOException, InterruptedException {
        JsonNode state = run(path, body, what, progress);
        JsonNode failure = state.at("/response/failures/0");
        if (!failure.isMissingNode()) {
            throw new Failed("OpenSearch failed while " + what + ": "
                    + failure.at("/cause/reason").asText(failure.toString()));
        }
        if (state.isEmpty() || state.has("error")) {
            throw new Failed("OpenSearch failed while " + what + ": "
                    + state.at("/error/reason").asText("the index no longer exists"));
        }
        return state.path("response");
    }
}
