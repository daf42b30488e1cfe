package org.colleaguesearch.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import org.opensearch.client.Request;
import org.opensearch.client.Response;
import org.opensearch.client.RestClient;

/** Requests to OpenSearch in JSON. Thread-safe. */
public record IndexRequests(RestClient client) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * The JSON of the response.
     *
     * @param body JSON, or lines of JSON; null for none
     */
    public JsonNode call(String method, String path, Object body) throws IOException {
        return json(client.performRequest(request(method, path, body)));
    }

    /** The JSON of the response; empty after a 404. */
    JsonNode callIfExists(String method, String path, Object body) throws IOException {
        Request request = request(method, path, body);
        request.addParameter("ignore", "404");
        Response response = client.performRequest(request);
        return response.getStatusLine().getStatusCode() == 404 ? JSON.createObjectNode() : json(response);
    }

    private static Request request(String method, String path, Object body) {
        Request request = new Request(method, path);
        if (body != null) {
            request.setJsonEntity(body.toString());
        }
        return request;
    }

    private static JsonNode json(Response response) throws IOException {
        try (InputStream body = response.getEntity().getContent()) {
            return JSON.readTree(body);
        }
    }
}
