package org.colleaguesearch.indexing;

import org.colleaguesearch.settings.Jq;

/**
 * How an indexer takes the items of all people from one listing. Immutable.
 *
 * @param url the path of the listing
 * @param each takes the items from a page
 * @param person takes from an item the value that names its person
 * @param personField which value of a person that is: {@code id}, or a further field
 * @param section makes the section of a person from the list of the person's items
 */
public record FeedSource(String url, Jq each, Jq person, String personField, Jq section) {
    /** Null when the indexer calls a URL for each person. */
    static FeedSource of(Parameters parameters) {
        if (parameters.text("each").isEmpty()) {
            for (String name : new String[] {"person", "personField"}) {
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
        String field = parameters.text("personField");
        return new FeedSource(
                parameters.text("url"),
                parameters.jq("each"),
                parameters.jq("person"),
                field.isEmpty() ? "id" : field,
                parameters.jq("section"));
    }
}
