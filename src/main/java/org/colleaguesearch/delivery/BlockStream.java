package org.colleaguesearch.delivery;

import java.io.IOException;
import java.io.InputStream;

/** Reads a part of a file block by block, on demand. For one thread. */
final class BlockStream extends InputStream {
    /** Reads a block. */
    interface Blocks {
        byte[] read(long first, int length) throws IOException;
    }

    private final Blocks blocks;
    private final long end;
    /** The position in the file of the next block. */
    private long next;

    private byte[] block = new byte[0];
    private int read;

    BlockStream(long first, long length, Blocks blocks) {
        this.blocks = blocks;
        this.next = first;
        this.end = first + length;
    }

    @Override
    public int read() throws IOException {
        return hasMore() ? block[read++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!hasMore()) {
            return -1;
        }
        int count = Math.min(length, block.length - read);
        System.arraycopy(block, read, bytes, offset, count);
        read += count;
        return count;
    }

    private boolean hasMore() throws IOException {
        if (read == block.length && next < end) {
            block = blocks.read(next, (int) Math.min(BucketStore.BLOCK, end - next));
            next += block.length;
            read = 0;
        }
        return read < block.length;
    }
}
