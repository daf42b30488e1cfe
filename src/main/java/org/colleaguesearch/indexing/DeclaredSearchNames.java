package org.colleaguesearch.indexing;

import java.util.HashSet;
import java.util.Set;
import org.colleaguesearch.indexing.Searched.Named;

/** The names of filters, suggestions and results that the indexers choose, which must be unique. Not thread-safe. */
public final class DeclaredSearchNames {
    private final Set<String> known = new HashSet<>();

    /**
     * Checks the names of one more section.
     *
     * @throws SearchDeclaration.Wrong for the first name that is taken
     */
    public void add(Searched searched) {
        for (Named filter : searched.filters()) {
            claim("filters", "filter " + filter.name(), filter.name());
        }
        for (Named group : searched.suggestions()) {
            claim("suggest", "suggestions " + group.name(), group.name());
        }
        claim("show", "shown " + searched.shownAs(), searched.shownAs());
    }

    private void claim(String parameter, String key, String name) {
        if (name != null && !known.add(key)) {
            throw new SearchDeclaration.Wrong(
                    parameter, "another indexer has the name '" + name + "', too: choose another name");
        }
    }
}
