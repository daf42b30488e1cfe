package org.colleaguesearch.extract;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Objects;

/**
 * What can be seen of a file without reading it: two equal states mean that nobody wrote to it in between.
 *
 * @param key which file has the name: its inode, or on Windows the time when it was created
 * @param changed the time of the last write that nobody can set back (Unix ctime); where there is none, {@code modified}
 */
record FileState(Object key, long size, FileTime modified, FileTime changed) {
    private static final boolean HAS_CTIME =
            FileSystems.getDefault().supportedFileAttributeViews().contains("unix");

    /** The state of a file now, or null when there is none. */
    static FileState of(Path file) {
        try {
            BasicFileAttributes read = Files.readAttributes(file, BasicFileAttributes.class);
            FileTime modified = read.lastModifiedTime();
            return new FileState(
                    Objects.requireNonNullElse(read.fileKey(), read.creationTime()),
                    read.size(),
                    modified,
                    HAS_CTIME ? (FileTime) Files.getAttribute(file, "unix:ctime") : modified);
        } catch (IOException e) {
            return null;
        }
    }

    /** Whether a later state is of the same file, and it was written to in between. */
    boolean isWrittenTo(FileState later) {
        return later != null && key.equals(later.key) && !equals(later);
    }
}
