package org.colleaguesearch.tooling.check;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;

/**
 * The files below a folder. It follows links, because Kubernetes mounts files through them, and skips names that start
 * with a dot, such as editors' temporary files.
 */
public record FileTree(Path root) {
    /** Levels of folders. */
    private static final int DEEPEST = 10;

    /** Handles a file, or a dangling link. */
    public interface Visit {
        void of(Path file, BasicFileAttributes attributes) throws IOException;
    }

    /**
     * Visits all files.
     *
     * @throws IOException when a folder cannot be read
     */
    public void walk(Visit visit) throws IOException {
        Files.walkFileTree(root, Set.of(FileVisitOption.FOLLOW_LINKS), DEEPEST, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                return isHidden(directory) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (!isHidden(file) && !attributes.isDirectory()) {
                    visit.of(file, attributes);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                boolean isLoop = failure instanceof FileSystemLoopException;
                if (file.equals(root) || (Files.exists(file) && !isLoop)) {
                    throw failure;
                }
                // Deleted since it was listed, or a link to one of its own parent folders.
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private boolean isHidden(Path file) {
        return !file.equals(root) && file.getFileName().toString().startsWith(".");
    }
}
