package org.colleaguesearch.web;

import java.io.InputStream;
import java.util.Map;

/**
 * A response with a file, with a part of it, or with 304. Whoever reads the body closes it.
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
