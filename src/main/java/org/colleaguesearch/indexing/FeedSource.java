package org.colleaguesearch.indexing;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.colleaguesearch.settings.Jq;
import org.springframework.web.util.UriUtils;

/**
 * How an indexer takes the items of all people from one listing. Immutable.
 *
 * @param path of the listing, with {@code {since}} if it can be asked for what has changed since a time
 * @param each takes the items from a page
 * @param person takes from an item the value that names its person
 * @param personField which value of a person that is: {@code id}, or a further field
 * @param section makes the section of a person from the list of the person's items
 * @param overlap how much earlier than the last run {@code since} is: clocks differ, and changes show late
 * @param fullEvery how long after a run that has read everything the next one does so again
 */
public record FeedSource(
        String path, Jq each, Jq person, String personField, Jq section, Duration overlap, Duration fullEvery) {
    private static final String SINCE = "{since}";

    private static final Duration OVERLAP = Duration.ofHours(1);
    private static final Duration FULL_EVERY = Duration.ofDays(7);

    /** Null when the indexer calls a URL for each person. */
    static FeedSource of(Parameters parameters) {
        boolean isIncremental = parameters.text("url").contains(SINCE);
        if (parameters.text("each").isEmpty()) {
            if (isIncremental) {
                throw parameters.wrong("url", "{since} is for bulk feeds, which have 'each'");
            }
            for (String name : new String[] {"person", "personField", "overlap", "fullEvery"}) {
                if (!parameters.text(name).isEmpty()) {
                    throw parameters.wrong(name, "there is no 'each', which makes the indexer a bulk feed");
                }
            }
            return null;
        }
        if (parameters.text("person").isEmpty()) {
            throw parameters.wrong(
                    "each", "a bulk feed also needs 'person', a jq expression for the person of an item");
        }
        for (String name : new String[] {"overlap", "fullEvery"}) {
            if (!isIncremental && !parameters.text(name).isEmpty()) {
                throw parameters.wrong(name, "the url has no {since}");
            }
        }
        String field = parameters.text("personField");
        return new FeedSource(
                parameters.text("url"),
                parameters.jq("each"),
                parameters.jq("person"),
                field.isEmpty() ? "id" : field,
                parameters.jq("section"),
                parameters.duration("overlap", OVERLAP),
                parameters.duration("fullEvery", FULL_EVERY));
    }

    /** The URL of an indexer without the variable for a time, which people have no value for. */
    static String withoutSince(String url) {
        return url.replace(SINCE, "");
    }

    /** Whether it can be asked for what has changed since a time. */
    public boolean isIncremental() {
        return path.contains(SINCE);
    }

    /** The path for what has changed since a time; null for everything. */
    public String path(Instant since) {
        Instant time = since == null ? Instant.EPOCH : since.truncatedTo(ChronoUnit.SECONDS);
        return path.replace(SINCE, UriUtils.encode(time.toString(), StandardCharsets.UTF_8));
    }
}
