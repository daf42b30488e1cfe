package org.colleaguesearch.export;

import java.io.InputStream;
import java.util.Map;

/**
 * A file, or a part of it, as it is sent. Whoever reads the body closes it.
 *
 * @param status 200 or 206
 * @param headers by name
 */
public record Download(int status, Map<String, String> headers, InputStream body) {
    public Download {
        headers = Map.copyOf(headers);
    }
}
