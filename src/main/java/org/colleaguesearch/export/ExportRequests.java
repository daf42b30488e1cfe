package org.colleaguesearch.export;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.colleaguesearch.failure.RequestRefused;
import org.colleaguesearch.failure.RequestRefused.Kind;
import org.colleaguesearch.settings.Settings;
import org.colleaguesearch.source.AllowedUrls;
import org.colleaguesearch.source.UrlNotAllowed;
import org.springframework.stereotype.Component;

/** Reads and checks export requests, without fetching anything or resolving hosts. Stateless. */
@Component("exportRequests")
class ExportRequests {
    private final AllowedUrls allowed;
    private final int maxUrls;

    ExportRequests(AllowedUrls allowed, Settings settings) {
        this.allowed = allowed;
        this.maxUrls = settings.export().maxUrls();
    }

    /**
     * Reads a request and checks its URLs.
     *
     * @param body as in the contract: {@code {"job_id","urls","columns"?}}
     * @param caller the name of the API key
     * @throws RequestRefused if there are too many URLs, or one is not allowed
     */
    public ExportRequest read(JsonNode body, String caller) {
        List<String> urls = texts(body.get("urls"));
        if (urls.size() > maxUrls) {
            throw new RequestRefused(
                    Kind.INVALID,
                    "too many URLs: " + urls.size() + "; a job takes at most " + maxUrls + ", so split the list",
                    "/urls");
        }
        for (int i = 0; i < urls.size(); i++) {
            check(urls.get(i), i);
        }
        return new ExportRequest(
                caller,
                body.get("job_id").textValue(),
                urls,
                Optional.of(texts(body.path("columns"))).filter(columns -> !columns.isEmpty()));
    }

    private void check(String url, int index) {
        try {
            String unused = allowed.checked(url);
        } catch (UrlNotAllowed e) {
            throw new RequestRefused(Kind.INVALID, e.getMessage(), "/urls/" + index);
        }
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>(array.size());
        array.forEach(text -> texts.add(text.textValue()));
        return texts;
    }
}
