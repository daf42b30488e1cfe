package org.colleaguesearch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.TreeMap;
import org.colleaguesearch.ScriptedServer.Reply;
import org.colleaguesearch.ScriptedServer.Request;
import org.colleaguesearch.embedded.SharedOpenSearch;

/** A test's alias in the shared OpenSearch, seen from outside the application. */
record Index(String alias) {
    // With Java's client and OpenSearch, an upgrade to HTTP/2 occasionally hangs despite the request time-out.
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /**
     * The arguments that make the application write to it and to CSV files. Without vectors, which it would write at any
     * time: see {@link VectorsIT}.
     */
    String[] arguments(String... others) {
        String[] all = new String[others.length + 6];
        all[0] = "--colleagues.deliver-to=opensearch,csv";
        all[1] = "--colleagues.opensearch.url=" + SharedOpenSearch.url();
        all[2] = "--colleagues.opensearch.alias=" + alias;
        all[3] = "--colleagues.opensearch.username=" + SharedOpenSearch.login().user();
        all[4] = "--colleagues.opensearch.password="
                + SharedOpenSearch.login().password().reveal();
        all[5] = "--colleagues.search.meaning=false";
        System.arraycopy(others, 0, all, 6, others.length);
        return all;
    }

    /** All its documents, by id, without the field that says when they were fetched. */
    Map<String, ObjectNode> documents() {
        Map<String, ObjectNode> documents = documentsWithFetches();
        documents.values().forEach(document -> document.remove("fetched"));
        return documents;
    }

    /** All its documents, by id. */
    Map<String, ObjectNode> documentsWithFetches() {
        call("POST", "/" + alias + "/_refresh", "");
        JsonNode found = call("POST", "/" + alias + "/_search", "{\"size\":10000,\"track_total_hits\":true}");
        Map<String, ObjectNode> documents = new TreeMap<>();
        found.at("/hits/hits")
                .forEach(hit -> documents.put(hit.get("_id").textValue(), (ObjectNode) hit.get("_source")));
        if (documents.size() != found.at("/hits/total/value").asInt()) {
            throw new AssertionError("read only some of the documents: " + found.at("/hits/total"));
        }
        return documents;
    }

    long count() {
        call("POST", "/" + alias + "/_refresh", "");
        return call("GET", "/" + alias + "/_count", "").get("count").asLong();
    }

    static JsonNode call(String method, String path, String body) {
        HttpResponse<String> answer = send(SharedOpenSearch.request(path), method, body);
        if (answer.statusCode() >= 300) {
            throw new AssertionError(method + " " + path + ": " + answer.body());
        }
        try {
            return new ObjectMapper().readTree(answer.body());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The response of the shared OpenSearch to the request of a test server in front of it. */
    static Reply forward(Request request) {
        HttpResponse<String> answer =
                send(SharedOpenSearch.request(request.target()), request.method(), request.body());
        return request.method().equals("HEAD")
                ? connection -> connection.write("HTTP/1.1 " + answer.statusCode() + " X\r\nContent-Length: 0\r\n\r\n")
                : Replies.status(answer.statusCode(), answer.body(), "Content-Type: application/json");
    }

    static HttpResponse<String> send(HttpRequest.Builder to, String method, String body) {
        HttpRequest request = to.header("Content-Type", "application/json")
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        try {
            return CLIENT.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
