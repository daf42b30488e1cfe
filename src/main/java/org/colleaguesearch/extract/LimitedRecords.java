package org.colleaguesearch.extract;

import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;

/**
 * Lets no record of a CSV file be longer than memory should hold: where a quote is never closed, the rest of the file is
 * one. For one thread.
 */
final class LimitedRecords extends FilterReader {
    /** Characters; far more than a query with what is carried along, and no burden to the heap. */
    static final int LONGEST = 1_000_000;

    private int read;

    LimitedRecords(Reader in) {
        super(in);
    }

    /** Begins to count anew. */
    void next() {
        read = 0;
    }

    @Override
    public int read() throws IOException {
        char[] one = new char[1];
        return read(one, 0, 1) < 0 ? -1 : one[0];
    }

    @Override
    public int read(char[] buffer, int offset, int length) throws IOException {
        int count = super.read(buffer, offset, length);
        read += Math.max(0, count);
        if (read > LONGEST) {
            throw new ExtractFailure("a row is longer than " + LONGEST + " characters: is a quote left open?");
        }
        return count;
    }
}
