package org.colleaguesearch.export;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Enumeration;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.Deflater;
import java.util.zip.DeflaterInputStream;

/** A stream compressed while it is read, as gzip (RFC 1952). Java has it only for what is written. */
final class GzipStream extends SequenceInputStream {
    GzipStream(InputStream plain) {
        super(new Members(plain));
    }

    /** Header, content and trailer, each made when the one before has been read. For one thread at a time. */
    @SuppressWarnings("JdkObsolete") // what a SequenceInputStream takes
    private static final class Members implements Enumeration<InputStream> {
        /** No name, no time, unknown system. */
        private static final byte[] HEADER = {0x1f, (byte) 0x8b, Deflater.DEFLATED, 0, 0, 0, 0, 0, 0, (byte) 0xff};

        private final CRC32 checksum = new CRC32();
        private final Content content;
        private int next;

        Members(InputStream plain) {
            content = new Content(new CheckedInputStream(plain, checksum));
        }

        @Override
        public boolean hasMoreElements() {
            return next < 3;
        }

        @Override
        public InputStream nextElement() {
            return switch (next++) {
                case 0 -> new ByteArrayInputStream(HEADER);
                case 1 -> content;
                default -> new ByteArrayInputStream(trailer());
            };
        }

        /** The checksum of the content, and its length modulo 2^32. */
        private byte[] trailer() {
            return ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt((int) checksum.getValue())
                    .putInt((int) content.length)
                    .array();
        }
    }

    private static final class Content extends DeflaterInputStream {
        private boolean isOpen = true;
        private long length;

        /** Gzip has a header of its own in place of zlib's. */
        Content(InputStream plain) {
            super(plain, new Deflater(Deflater.BEST_SPEED, true));
        }

        @Override
        public void close() throws IOException {
            if (isOpen) {
                isOpen = false;
                length = def.getBytesRead();
                super.close();
                def.end();
            }
        }
    }
}
