package org.colleaguesearch.indexing;

import java.util.List;
import java.util.Map;
import org.colleaguesearch.api.ApiUrls;
import org.springframework.stereotype.Component;
import org.springframework.web.util.UriComponents;
import org.springframework.web.util.UriComponentsBuilder;

/** Makes the URLs of a chunk. Stateless. */
@Component("calls")
public class Calls {
    private final ApiUrls api;

    Calls(ApiUrls api) {
        this.api = api;
    }

    /**
     * One absolute URL a person, in order.
     *
     * @param template a URI template (RFC 6570, level 1) relative to the API's base URL, with {@code {id}} and
     *     {@code {name}}; their values are percent-encoded, so that an id can hold a slash, a question mark or a %
     */
    public List<String> urls(Chunk chunk, String template) {
        UriComponents parsed =
                UriComponentsBuilder.fromUriString(template).encode().build();
        return chunk.people().stream()
                .map(person -> Map.of("id", person.id(), "name", person.name()))
                .map(values -> api.resolve(parsed.expand(values).toUriString()))
                .toList();
    }
}
