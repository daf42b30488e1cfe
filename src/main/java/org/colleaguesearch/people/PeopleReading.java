package org.colleaguesearch.people;

import java.util.List;
import org.colleaguesearch.source.PageLinks;

/**
 * The reading of an API's list of people, at one of its pages. Belongs to one exchange, which one thread at a time
 * handles.
 */
public final class PeopleReading {
    private final PageLinks links;
    private final PeopleSink sink;
    private boolean isEnough;

    PeopleReading(PageLinks links, PeopleSink sink) {
        this.links = links;
        this.sink = sink;
    }

    /** Whether there is another page to read. */
    public boolean hasNext() {
        return url() != null;
    }

    /** The absolute URL of the page to read; null when the list is complete, or no more people are wanted. */
    public String url() {
        return isEnough ? null : links.url();
    }

    /** {@code count}: the number of items on the page, active or not. */
    void add(List<Person> people, PageLinks.Answer page, int count) {
        if (sink.add(people)) {
            links.advance(page, count);
        } else {
            isEnough = true;
        }
    }
}
