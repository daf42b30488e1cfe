package org.colleaguesearch.routes;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.awaitility.Awaitility;
import org.colleaguesearch.runs.ExportBatches;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The routes of exports, with a stand-in for the calls that they make, and requests to them. */
final class Exporting implements Processor {
    /** Each URL answers {@code {"n":…}}, the number at its end, unless it ends otherwise: that one is not found. */
    private static final Processor NUMBERS = call -> {
        String url = call.getMessage().getBody(String.class);
        String number = url.substring(url.lastIndexOf('/') + 1);
        if (!number.matches("\\d+")) {
            throw Sample.status(404, Map.of());
        }
        call.getMessage().setBody(Sample.json("{\"n\":" + number + "}"));
    };

    private final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();
    private volatile Processor answers = NUMBERS;

    /** An application whose calls end here, with chunks of two URLs. */
    RouteApplication application() {
        return RouteApplication.of(
                        "create-export",
                        "get-export",
                        "cancel-export",
                        "download-export",
                        "begin-export",
                        "run-export-batch",
                        "run-indexer",
                        "index-chunk",
                        "index-export",
                        "fetch-export",
                        "deliver-chunk",
                        "complete-run")
                .with("colleagues.indexing.batch-size", 2)
                .with("colleagues.export.wait-at-most", "60s")
                .with(
                        "fetch-export",
                        route -> route.weaveById("fetch-export-url").replace().process(this));
    }

    @Override
    public void process(Exchange call) throws Exception {
        calls.computeIfAbsent(call.getMessage().getBody(String.class), url -> new AtomicInteger())
                .incrementAndGet();
        answers.process(call);
    }

    /** How often each URL was called since the last reset. */
    Map<String, Integer> calls() {
        return calls.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, call -> call.getValue().get()));
    }

    void answer(Processor answers) {
        this.answers = answers;
    }

    /** As at first. */
    void answerNumbers() {
        answers = NUMBERS;
    }

    /** Answers one call so. */
    void answerNumber(Exchange call) throws Exception {
        NUMBERS.process(call);
    }

    /** Holds each call until the door is opened. */
    Door hold() {
        Door door = new Door(NUMBERS);
        answers = door;
        return door;
    }

    /** Lets what is under way end, and forgets it. */
    void reset(RouteApplication application) {
        answerNumbers();
        awaitClosed(application);
        application.bean(JdbcClient.class).sql("delete from batch").update();
        calls.clear();
    }

    /** Waits until no job is under way. */
    void awaitClosed(RouteApplication application) {
        ExportBatches open = application.bean(ExportBatches.class);
        List<String> all = application
                .bean(JdbcClient.class)
                .sql("select id from batch")
                .query(String.class)
                .list();
        Awaitility.await().until(() -> all.stream().noneMatch(open::isOpen));
    }

    /** The URL that the API of the tests answers with a number. */
    static String url(Object number) {
        return RouteApplication.API + "/numbers/" + number;
    }

    static String request(String jobId, Object... numbers) {
        return requestOf(jobId, Stream.of(numbers).map(Exporting::url).toList());
    }

    static String requestOf(String jobId, List<String> urls) {
        return "{\"job_id\":\"%s\",\"urls\":[%s]}"
                .formatted(jobId, urls.stream().map(url -> "\"" + url + "\"").collect(Collectors.joining(",")));
    }

    static Answer create(RouteApplication application, String caller, String body) {
        return send(application, "create-export", caller, body, Map.of());
    }

    static Answer createAsync(RouteApplication application, String caller, String body) {
        return send(application, "create-export", caller, body, Map.of("Prefer", "respond-async"));
    }

    static Answer ask(RouteApplication application, String route, String caller, String jobId) {
        return send(application, route, caller, null, Map.of("job_id", jobId));
    }

    static Answer send(
            RouteApplication application, String route, String caller, String body, Map<String, String> headers) {
        Exchange ended = application.send(route, exchange -> {
            exchange.getMessage().setBody(body);
            exchange.getMessage().getHeaders().putAll(headers);
            exchange.getMessage().setHeader("X-API-Caller", caller);
        });
        if (ended.getException() != null) {
            throw new AssertionError("the request failed", ended.getException());
        }
        return new Answer(
                ended.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, 200, Integer.class),
                Map.copyOf(ended.getMessage().getHeaders().entrySet().stream()
                        .filter(header -> header.getValue() != null)
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, header -> header.getValue().toString()))),
                ended.getMessage().getBody(String.class));
    }

    /** The state of a job, once it is one of these. */
    static JsonNode awaitState(RouteApplication application, String caller, String jobId, String state) {
        return Awaitility.await()
                .until(
                        () -> ask(application, "get-export", caller, jobId).json(),
                        job -> job.get("state").textValue().equals(state));
    }

    /** The folder of the only job there is. */
    static Path folder(RouteApplication application) {
        return application
                .exports()
                .resolve(application
                        .bean(JdbcClient.class)
                        .sql("select batch_id from export")
                        .query(String.class)
                        .single());
    }

    record Answer(int status, Map<String, String> headers, String body) {
        JsonNode json() {
            return Sample.json(body);
        }

        /** The field that a problem names, and the detail. */
        String problem() {
            JsonNode error = json().path("errors").path(0);
            return error.path("field").asText("") + ": " + json().path("detail").asText();
        }
    }
}
