package org.colleaguesearch.tooling.dryrun;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * The result of a dry run: {@code DryRun} in the contract.
 *
 * @param header the first line of the CSV file
 * @param people in the order of the list
 * @param notes possible mistakes, one per line
 */
public record DryRunReport(String indexer, String header, List<Tried> people, List<String> notes) {
    /**
     * What became of a person's URL, and what would be written. Long values are truncated, see {@link Excerpt}.
     *
     * @param responses one, or one per page
     * @param document what would be sent to the index; null if the URL failed
     * @param rows lines of the CSV file, without line endings
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
     * Why a URL has no section.
     *
     * @param status the HTTP status of the last answer, or null if there was none
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Failure(String reason, Integer status) {}

    /** The number of people without a section. */
    public long failed() {
        return people.stream().filter(tried -> tried.error() != null).count();
    }
}
