package org.colleaguesearch.extract;

import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;

/**
 * Limits the length of a CSV record: an unclosed quote makes one record of the rest of the file, which may not fit in
 * memory. For one thread.
 */
final class RecordLengthLimit extends FilterReader {
    /** In characters: far more than a row needs, and small compared to the heap. */
    static final int LONGEST = 1_000_000;

    private int read;

    RecordLengthLimit(Reader in) {
        super(in);
    }

    /** Resets the count for the next record. */
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
            throw new ExtractFailure("a row exceeds " + LONGEST + " characters: check for an unclosed quote");
        }
        return count;
    }
}
