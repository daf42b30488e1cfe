package org.colleaguesearch.delivery;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.colleaguesearch.ledger.ChunkLedger.FailedUrl;

/**
 * The content of an errors file, produced page by page, so that only one page is in memory. For one thread. Not a
 * SequenceInputStream, which reads all remaining pages when it is closed.
 */
final class ErrorStream extends InputStream {
    private static final int PAGE = 1_000;

    private final CsvRows rows;
    private final CsvDialect dialect;
    private final Source source;
    private InputStream page;
    private int last = -1;

    ErrorStream(CsvRows rows, CsvDialect dialect, Source source) {
        this.rows = rows;
        this.dialect = dialect;
        this.source = source;
        this.page = new ByteArrayInputStream(dialect.header(CsvRows.ERROR_HEADER));
    }

    /** The source of failed URLs, in order of position. */
    interface Source {
        /** Up to {@code limit} failed URLs after a position. */
        List<FailedUrl> read(int after, int limit);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int count = page.read(buffer, offset, length);
        return count < 0 && nextPage() ? page.read(buffer, offset, length) : count;
    }

    private boolean nextPage() {
        List<FailedUrl> urls = source.read(last, PAGE);
        if (urls.isEmpty()) {
            return false;
        }
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (FailedUrl each : urls) {
            lines.writeBytes(dialect.line(rows.error(each.failed())));
        }
        page = new ByteArrayInputStream(lines.toByteArray());
        last = urls.getLast().position();
        return true;
    }
}
