package org.colleaguesearch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.colleaguesearch.ScriptedServer.Reply;
import org.colleaguesearch.ScriptedServer.Request;

/**
 * The people API with faults that depend on URL and attempt, so that a run gets the same faults in any order of calls.
 * It counts the calls to each URL.
 */
final class FaultyApi implements AutoCloseable {
    /** A fault of a response. */
    @FunctionalInterface
    interface Fault {
        Reply in(Reply good);
    }

    private static final int PAGE = 500;
    private static final String ETAG = "\"1\"";
    private static final Reply NOT_FOUND = Replies.error(404);

    private volatile List<ObjectNode> active;
    private volatile Map<String, ObjectNode> byId;
    private final Map<String, List<Fault>> faults = new ConcurrentHashMap<>();
    private final Map<String, Fault> lasting = new ConcurrentHashMap<>();
    private final Map<String, Integer> calls = new ConcurrentHashMap<>();
    private final ScriptedServer server = new ScriptedServer(this::answer);
    private final AtomicInteger total = new AtomicInteger();
    private volatile IntFunction<Fault> byNumber = number -> null;
    private volatile Predicate<Request> admission = request -> true;
    private volatile Duration latency = Duration.ZERO;
    private volatile boolean hasEtags;
    private final AtomicInteger notModified = new AtomicInteger();

    FaultyApi(List<ObjectNode> people) {
        serve(people);
    }

    /** Has other people from now on; not while a batch runs. */
    void serve(List<ObjectNode> people) {
        byId = people.stream()
                .collect(Collectors.toMap(person -> person.get("id").textValue(), person -> person));
        active = SamplePeople.active(people);
    }

    URI url() {
        return server.url();
    }

    /** The first calls to a path get these replies, later calls the correct response. */
    FaultyApi first(String path, Fault... answers) {
        faults.put(path, List.of(answers));
        return this;
    }

    /** All calls to a path get this reply. */
    FaultyApi always(String path, Fault answer) {
        lasting.put(path, answer);
        return this;
    }

    /** Selects the reply by the number of the call, from 1, whatever its path; null means no fault. */
    FaultyApi byNumber(IntFunction<Fault> answer) {
        byNumber = answer;
        return this;
    }

    /** Delays the responses to {@code /people/…}. */
    FaultyApi after(Duration latency) {
        this.latency = latency;
        return this;
    }

    /** Sections have an ETag, which never changes. */
    FaultyApi withEtags() {
        hasEtags = true;
        return this;
    }

    /** The number of calls so far. */
    int total() {
        return total.get();
    }

    /** The number of responses so far that said that nothing has changed. */
    int notModified() {
        return notModified.get();
    }

    /** Requests that do not match get 401. */
    FaultyApi admit(Predicate<Request> admission) {
        this.admission = admission;
        return this;
    }

    /** The calls to a path so far. */
    int calls(String path) {
        return calls.getOrDefault(path, 0);
    }

    /** The calls so far, by path and query. */
    Map<String, Integer> calls() {
        return Map.copyOf(calls);
    }

    static String path(String id, String section) {
        return "/people/" + URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20") + "/" + section;
    }

    /** A fault that replaces the response. */
    static Fault instead(Reply fault) {
        return good -> fault;
    }

    private Reply answer(Request request) {
        if (!admission.test(request)) {
            return Replies.error(401);
        }
        // An API key may be in the query.
        String target = request.target().replaceFirst("[?&]key=[^&]*", "");
        int attempt = calls.merge(target, 1, Integer::sum);
        Reply good = good(target, request.headers().get("if-none-match"));
        Fault down = byNumber.apply(total.incrementAndGet());
        if (down != null) {
            return down.in(good);
        }
        List<Fault> first = faults.getOrDefault(target, List.of());
        Fault fault = attempt <= first.size() ? first.get(attempt - 1) : lasting.get(target);
        Reply reply = fault == null ? good : fault.in(good);
        if (latency.isZero() || !target.startsWith("/people/")) {
            return reply;
        }
        return connection -> {
            connection.pause(latency);
            reply.send(connection);
        };
    }

    private Reply good(String target, String known) {
        if (target.startsWith("/people?")) {
            return Replies.json(page(target).toString());
        }
        if (target.startsWith("/trainings?")) {
            return Replies.json(trainings(target).toString());
        }
        String[] words = target.split("/", -1);
        if (words.length != 4 || !words[1].equals("people")) {
            return NOT_FOUND;
        }
        ObjectNode person = byId.get(URLDecoder.decode(words[2].replace("+", "%2B"), StandardCharsets.UTF_8));
        JsonNode section = person == null ? null : person.get(words[3]);
        if (section == null) {
            return NOT_FOUND;
        }
        ObjectNode body = new ObjectMapper().createObjectNode();
        body.set("id", person.get("id"));
        body.set(words[3], section);
        if (!hasEtags) {
            return Replies.json(body.toString());
        }
        if (ETAG.equals(known)) {
            notModified.incrementAndGet();
            return Replies.status(304, "", "ETag: " + ETAG);
        }
        return Replies.status(200, body.toString(), "Content-Type: application/json", "ETag: " + ETAG);
    }

    /** A bulk feed: two items for each person, and one for somebody else. */
    private ObjectNode trainings(String target) {
        int offset = Integer.parseInt(target.replaceFirst(".*offset=(\\d+).*", "$1"));
        ObjectNode answer = new ObjectMapper().createObjectNode();
        ArrayNode items = answer.putArray("trainings");
        for (int i = offset; i < Math.min(offset + 100, 2 * active.size() + 1); i++) {
            String person = i == 2 * active.size()
                    ? "nobody"
                    : active.get(i / 2).get("id").textValue();
            items.addObject().put("person", person).put("course", "C" + i);
        }
        return answer;
    }

    private ObjectNode page(String target) {
        int number = Integer.parseInt(target.replaceFirst(".*page=(\\d+).*", "$1"));
        ObjectNode page = new ObjectMapper().createObjectNode();
        ArrayNode items = page.putArray("items");
        active.stream()
                .skip((number - 1L) * PAGE)
                .limit(PAGE)
                .forEach(person -> items.add(person.deepCopy().retain("id", "name")));
        page.put("next", number * PAGE < active.size() ? "/people?active=true&page=" + (number + 1) : null);
        return page;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
