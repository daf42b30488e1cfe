package org.colleaguesearch.extract;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Objects;

/**
 * The metadata of a file. Two equal states mean that nobody wrote to the file in between.
 *
 * @param key identifies the file: its inode, or on Windows its creation time
 * @param changed the time of the last change, which nobody can set back (Unix ctime); {@code modified} if there is none
 */
record FileState(Object key, long size, FileTime modified, FileTime changed) {
    private static final boolean HAS_CTIME =
            FileSystems.getDefault().supportedFileAttributeViews().contains("unix");

    /** The current state of a file, or null if it does not exist. */
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

    /** Whether a later state belongs to the same file, written to in between. */
    boolean isWrittenTo(FileState later) {
        return later != null && key.equals(later.key) && !equals(later);
    }
}
