package org.colleaguesearch.demo;

import java.util.Map;

/**
 * One line of the file.
 *
 * @param item {@code {"id":…,"name":…}} as in the list of people, JSON
 * @param sections the response for each section, {@code {"id":…,"<section>":[…]}} as UTF-8, by the section's name.
 *     Ready to send: bytes take at most half the memory of parsed lists and need no work per call
 */
record DemoPerson(String id, boolean active, String item, Map<String, byte[]> sections) {
    DemoPerson {
        sections = Map.copyOf(sections);
    }
}
