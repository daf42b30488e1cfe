package org.colleaguesearch.indexing;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.colleaguesearch.people.Person;
import org.colleaguesearch.source.ApiUrls;
import org.colleaguesearch.source.Apis;
import org.springframework.stereotype.Component;
import org.springframework.web.util.UriUtils;

/** Makes the URLs of a chunk. Stateless. */
@Component("calls")
public class Calls {
    private final Apis apis;

    Calls(Apis apis) {
        this.apis = apis;
    }

    /**
     * One absolute URL for each person, in order, empty when the person lacks a value for it. Those of an export are the
     * names of its people.
     *
     * @param api the name of the API
     * @param template a URI template (RFC 6570, level 1) relative to the API's base URL, with {@code {id}} and other
     *     values of the person; they are percent-encoded, so an id can hold a slash, a question mark or a %
     */
    public List<String> urls(Chunk chunk, String api, String template) {
        if (chunk.isExport()) {
            return chunk.people().stream().map(Person::name).toList();
        }
        ApiUrls urls = apis.urls(api);
        PersonTemplate url = new PersonTemplate(FeedSource.withoutSince(template));
        return chunk.people().stream()
                .map(person -> url.of(person, Calls::encode).map(urls::resolve).orElse(""))
                .toList();
    }

    /** Encodes all but the unreserved characters (RFC 3986, section 2.3), braces included. */
    private static String encode(String value) {
        return UriUtils.encode(value, StandardCharsets.UTF_8);
    }
}
