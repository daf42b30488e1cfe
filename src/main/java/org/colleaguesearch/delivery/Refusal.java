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
 * Why OpenSearch refused a document or a request, including a search.
 *
 * @param reason one human-readable line, in OpenSearch's own words if there are any
 */
public record Refusal(Blame blame, String reason) {
    /** What has to change before OpenSearch accepts the document or request. */
    public enum Blame {
        /** Only time: OpenSearch is unreachable, overloaded or temporarily read-only. A transient failure. */
        TIME,
        /** The document; one of the request's documents, or their number; or the query. A permanent failure. */
        DOCUMENT,
        /** The cluster's configuration: credentials, permissions, the index. No document is at fault. */
        CLUSTER
    }

    /** The remedy for {@code index.blocks.write}. */
    static final String LIFT_BLOCK = "if no other instance is upgrading the index, set its setting"
            + " index.blocks.write to null (PUT /<index>/_settings)";

    /** As in {@code index [colleagues-v2] blocked by: [FORBIDDEN/8/index write (api)];}. */
    private static final Pattern BLOCK = Pattern.compile("\\[[A-Z_]+/(\\d+)/");

    /** Of a cluster whose setting {@code script.allowed_types} or {@code script.allowed_contexts} forbids {@link Documents}. */
    private static final Pattern SCRIPTS = Pattern.compile("cannot execute .*scripts");

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Why an item of a bulk request was refused; empty if it was accepted. */
    static Optional<Refusal> of(BulkResponseItem item) {
        ErrorCause error = item.error();
        return error == null ? Optional.empty() : Optional.of(of(item.status(), error));
    }

    /** A script that may not run is only the cause of the failure of its update. */
    private static Refusal of(int status, ErrorCause error) {
        return Stream.iterate(error, Objects::nonNull, ErrorCause::causedBy)
                .limit(20)
                .map(ErrorCause::reason)
                .filter(reason -> reason != null && SCRIPTS.matcher(reason).find())
                .findFirst()
                .map(reason -> new Refusal(Blame.CLUSTER, ApiFailures.firstLine(reason)))
                .orElseGet(() -> of(status, error.type(), error.reason()));
    }

    /** Why a whole request failed. A failure without a response from OpenSearch counts as transient. */
    public static Refusal of(Exception failure) {
        // A chain of causes can be circular.
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
     * What to do if the refusal persists. OpenSearch numbers the blocks of a cluster or index; only some concern the disk.
     */
    String remedy() {
        String ofBlocks = BLOCK.matcher(reason)
                .results()
                .map(block -> ofBlock(block.group(1)))
                .filter(remedy -> !remedy.isEmpty())
                .distinct()
                .collect(Collectors.joining("; "));
        if (SCRIPTS.matcher(reason).find()) {
            return "set script.allowed_types to inline, and script.allowed_contexts to include update and score, in opensearch.yml of its"
                    + " nodes";
        }
        if (blame == Blame.CLUSTER) {
            return "check colleagues.opensearch.username and password, their permissions, and the index";
        }
        return ofBlocks.isEmpty() ? "check that it is running, its disk space and its load" : ofBlocks;
    }

    private static String ofBlock(String number) {
        return switch (number) {
            case "5" -> "set the index's setting index.blocks.read_only to null (PUT /<index>/_settings)";
            case "6" -> "set the cluster's setting cluster.blocks.read_only to null (PUT /_cluster/settings)";
            case "8" -> LIFT_BLOCK;
            case "12", "13" -> "free disk space on the OpenSearch nodes, which then accept writes again";
            default -> "";
        };
    }

    /** Why one document or search of a request was refused. */
    public static Refusal of(int status, String type, String reason) {
        return new Refusal(blame(status, type), says(type, reason));
    }

    private static Refusal answer(int status, String type, String reason) {
        String says = says(type, reason);
        return new Refusal(blame(status, type), "HTTP " + status + (says.isEmpty() ? "" : ", " + says));
    }

    /**
     * Transient are 429 (rejected execution), 5xx (503: missing shards or cluster manager), an update with too many
     * conflicts (409), and a block: a full disk makes an index read-only with 403 or 429, and an upgrade blocks writes
     * with 403.
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

    /** The {@code error} of a JSON response; a missing node if there is none, as in the response of a proxy. */
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
