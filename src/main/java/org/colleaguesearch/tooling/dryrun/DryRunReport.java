package org.colleaguesearch.tooling.dryrun;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * What a dry run found, {@code DryRun} of the contract.
 *
 * @param header the first line of the CSV file
 * @param people in the order of the list
 * @param notes what may be a slip, in a line each
 */
public record DryRunReport(String indexer, String header, List<Tried> people, List<String> notes) {
    /**
     * What became of a person's URL, and what would be written. Long values are cut: see {@link Excerpt}.
     *
     * @param responses one, or one a page
     * @param document what would be sent to the index; null where the URL failed
     * @param rows lines of the CSV file, without the line breaks at their ends
     * @param error why there is no section, or null
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Tried(
            String id,
            String name,
            String url,
            int attempts,
            List<JsonNode> responses,
            JsonNode document,
            List<String> rows,
            Failure error) {}

    /**
     * Why a URL gave no section.
     *
     * @param status the HTTP status of the last answer, or null where there was none
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Failure(String reason, Integer status) {}

    /** How many gave no section. */
    public long failed() {
        return people.stream().filter(tried -> tried.error() != null).count();
    }
}
