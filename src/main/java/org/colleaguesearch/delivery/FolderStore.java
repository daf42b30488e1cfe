package org.colleaguesearch.delivery;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.commons.io.input.BoundedInputStream;
import org.colleaguesearch.settings.Readers;
import org.springframework.util.FileSystemUtils;

/** Files in a folder of this machine, or one that several share. */
record FolderStore(Path folder, Readers readers) implements FileStore {
    @Override
    public Optional<StoredFile> find(String name) throws IOException {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path(name), BasicFileAttributes.class);
            return Optional.of(stored(name, attributes));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static StoredFile stored(String name, BasicFileAttributes attributes) {
        return new StoredFile(
                name, attributes.size(), attributes.lastModifiedTime().toInstant());
    }

    @Override
    public InputStream read(StoredFile file, long first, long length) throws IOException {
        InputStream in = Files.newInputStream(path(file.name()));
        try {
            in.skipNBytes(first);
            return BoundedInputStream.builder()
                    .setInputStream(in)
                    .setMaxCount(length)
                    .get();
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    @Override
    public void copy(List<StoredFile> files, OutputStream out) throws IOException {
        for (StoredFile file : files) {
            Files.copy(path(file.name()), out);
        }
    }

    @Override
    public void write(String name, Content content) throws IOException {
        AtomicFile.write(path(name), readers, content);
    }

    @Override
    public void delete(String name) throws IOException {
        Files.deleteIfExists(path(name));
    }

    @Override
    public List<StoredFile> list(String name) throws IOException {
        List<StoredFile> files = new ArrayList<>();
        if (Files.exists(path(name))) {
            Files.walkFileTree(path(name), new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    String found = folder.relativize(file).toString().replace(File.separatorChar, '/');
                    files.add(stored(found, attributes));
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                    if (failure instanceof NoSuchFileException) {
                        // Removed since the folder was read.
                        return FileVisitResult.CONTINUE;
                    }
                    throw failure;
                }
            });
        }
        files.sort(Comparator.comparing(StoredFile::name));
        return files;
    }

    @Override
    public void deleteAll(String name) throws IOException {
        FileSystemUtils.deleteRecursively(path(name));
    }

    @Override
    public String place(String name) {
        return path(name).toString();
    }

    private Path path(String name) {
        return folder.resolve(name);
    }
}
