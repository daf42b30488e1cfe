package org.colleaguesearch.web;

import java.io.InputStream;
import java.util.Map;

/**
 * A file, a part of it, or that it is not modified, as it is sent. Whoever reads the body closes it.
 *
 * @param status 200, 206 or 304
 * @param headers by name
 * @param body null with 304
 */
public record Download(int status, Map<String, String> headers, InputStream body) {
    public Download {
        headers = Map.copyOf(headers);
    }
}
