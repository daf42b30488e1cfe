package org.colleaguesearch.export;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.colleaguesearch.failure.RequestRefused;
import org.colleaguesearch.failure.RequestRefused.Kind;
import org.colleaguesearch.settings.Settings;
import org.colleaguesearch.source.AllowedUrls;
import org.colleaguesearch.source.NotAllowed;
import org.springframework.stereotype.Component;

/** Reads and checks what is asked for. Nothing is fetched, and no host's addresses are asked for. Stateless. */
@Component("exportRequests")
class ExportRequests {
    private final AllowedUrls allowed;
    private final int maxUrls;

    ExportRequests(AllowedUrls allowed, Settings settings) {
        this.allowed = allowed;
        this.maxUrls = settings.export().maxUrls();
    }

    /**
     * A request whose URLs may be called.
     *
     * @param body as the contract has it: {@code {"job_id","urls","columns"?}}
     * @param caller the name of the API key
     * @throws RequestRefused when there are too many URLs, or one of them may not be called
     */
    public ExportRequest read(JsonNode body, String caller) {
        List<String> urls = texts(body.get("urls"));
        if (urls.size() > maxUrls) {
            throw new RequestRefused(
                    Kind.INVALID,
                    "there are " + urls.size() + " URLs, and a job takes " + maxUrls + ": ask in parts",
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
        } catch (NotAllowed e) {
            throw new RequestRefused(Kind.INVALID, e.getMessage(), "/urls/" + index);
        }
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>(array.size());
        array.forEach(text -> texts.add(text.textValue()));
        return texts;
    }
}
