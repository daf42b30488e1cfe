package org.colleaguesearch.web;

import java.io.InputStream;
import java.util.Map;

/**
 * A response with a file, a part of it, or 304. The reader of the body closes it.
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
