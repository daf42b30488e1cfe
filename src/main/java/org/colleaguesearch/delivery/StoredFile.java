package org.colleaguesearch.delivery;

import java.time.Instant;

/**
 * A file of a folder or a bucket.
 *
 * @param name relative to the folder or prefix of its store, with {@code /}
 * @param size in bytes
 */
public record StoredFile(String name, long size, Instant modified) {}
