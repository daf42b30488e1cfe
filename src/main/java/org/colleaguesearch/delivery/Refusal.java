package org.colleaguesearch.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.ParseException;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.colleaguesearch.source.ApiFailures;
import org.opensearch.client.ResponseException;
import org.opensearch.client.opensearch._types.ErrorCause;
import org.opensearch.client.opensearch._types.OpenSearchException;
import org.opensearch.client.opensearch.core.bulk.BulkResponseItem;

/**
 * Why OpenSearch did not take a document or a request, a search among them.
 *
 * @param reason one line for a person to read, in OpenSearch's own words where it gave any
 */
public record Refusal(Blame blame, String reason) {
    /** What has to change before it is taken. */
    public enum Blame {
        /** Nothing but time: OpenSearch cannot be reached, is overloaded, or takes no writes for now. */
        TIME,
        /** The document; or one of the request's documents, or their number; or the query. */
        DOCUMENT,
        /** How the cluster is set up: credentials, permissions, the index. No document is at fault. */
        CLUSTER
    }

    /** What to do about {@code index.blocks.write}. */
    static final String LIFT_BLOCK = "if no upgrade of the index is under way in another instance, set its setting"
            + " index.blocks.write to null (PUT /<index>/_settings)";

    /** As in {@code index [colleagues-v2] blocked by: [FORBIDDEN/8/index write (api)];}. */
    private static final Pattern BLOCK = Pattern.compile("\\[[A-Z_]+/(\\d+)/");

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Why an item of a bulk answer was refused; empty if it was taken. */
    static Optional<Refusal> of(BulkResponseItem item) {
        ErrorCause error = item.error();
        return error == null ? Optional.empty() : Optional.of(of(item.status(), error.type(), error.reason()));
    }

    /** Why a whole request was refused. A failure that is no answer, or not one of OpenSearch's, may always pass. */
    public static Refusal of(Exception failure) {
        // A chain of causes can be a circle.
        return Stream.<Throwable>iterate(failure, Objects::nonNull, Throwable::getCause)
                .limit(20)
                .map(Refusal::answer)
                .filter(Objects::nonNull)
                .findFirst()
                .orElseGet(() -> new Refusal(Blame.TIME, ApiFailures.reason(failure)));
    }

    private static Refusal answer(Throwable failure) {
        return switch (failure) {
            case ResponseException answer -> {
                JsonNode error = error(answer);
                yield answer(
                        answer.getResponse().getStatusLine().getStatusCode(),
                        error.path("type").asText(),
                        error.path("reason").asText());
            }
            case OpenSearchException answer ->
                answer(answer.status(), answer.error().type(), answer.error().reason());
            default -> null;
        };
    }

    /**
     * What to do when it lasts. OpenSearch numbers the blocks of a cluster or an index; only some of them are about the
     * disk.
     */
    String remedy() {
        String ofBlocks = BLOCK.matcher(reason)
                .results()
                .map(block -> ofBlock(block.group(1)))
                .filter(remedy -> !remedy.isEmpty())
                .distinct()
                .collect(Collectors.joining("; "));
        return ofBlocks.isEmpty() ? "check that it runs, its disk space and its load" : ofBlocks;
    }

    private static String ofBlock(String number) {
        return switch (number) {
            case "5" -> "set the index's setting index.blocks.read_only to null (PUT /<index>/_settings)";
            case "6" -> "set the cluster's setting cluster.blocks.read_only to null (PUT /_cluster/settings)";
            case "8" -> LIFT_BLOCK;
            case "12", "13" -> "make room on the disks of OpenSearch, which then takes writes again";
            default -> "";
        };
    }

    /** Why one document of a request was refused. */
    static Refusal of(int status, String type, String reason) {
        return new Refusal(blame(status, type), says(type, reason));
    }

    private static Refusal answer(int status, String type, String reason) {
        String says = says(type, reason);
        return new Refusal(blame(status, type), "HTTP " + status + (says.isEmpty() ? "" : ", " + says));
    }

    /**
     * 429, 5xx and an update that met too many others (409) pass, as does a block: a full disk makes an index
     * read-only, with 403 or 429, and an upgrade of the index blocks writes, with 403. Rejected executions are 429; missing shards and cluster managers are 503.
     */
    private static Blame blame(int status, String type) {
        if (status >= 500
                || status == 429
                || status == 409
                || status == 408
                || "cluster_block_exception".equals(type)) {
            return Blame.TIME;
        }
        boolean ofDocument = status == 400 || status == 413 || status == 422;
        return ofDocument && !"index_closed_exception".equals(type) ? Blame.DOCUMENT : Blame.CLUSTER;
    }

    /** The {@code error} of an answer's JSON; an empty node when there is none, as in the answer of a proxy. */
    private static JsonNode error(ResponseException answer) {
        HttpEntity entity = answer.getResponse().getEntity();
        try {
            return entity == null
                    ? JSON.missingNode()
                    : JSON.readTree(EntityUtils.toString(entity)).path("error");
        } catch (IOException | ParseException e) {
            return JSON.missingNode();
        }
    }

    private static String says(String type, String reason) {
        String line = ApiFailures.firstLine(reason);
        if (type == null || type.isEmpty()) {
            return line;
        }
        return line.isEmpty() ? type : type + ": " + line;
    }
}
