package org.colleaguesearch.delivery;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;

/**
 * Where CSV files or exports are kept: a folder, or the objects of a bucket. Names are relative, with {@code /}; they are
 * made of names of indexers and ids of batches, which have been checked. Stateless: any thread may call it.
 */
interface FileStore {
    /** Writes the content of a file. */
    interface Content {
        void write(OutputStream out) throws IOException;
    }

    /** The file of this name; empty if it does not exist. */
    Optional<StoredFile> find(String name) throws IOException;

    /**
     * Reads a part of a file.
     *
     * @param first the position of its first byte
     * @param length in bytes, within the file
     * @throws NoSuchFileException if the file no longer exists
     */
    InputStream read(StoredFile file, long first, long length) throws IOException;

    /** Reads a file. */
    default InputStream read(StoredFile file) throws IOException {
        return read(file, 0, file.size());
    }

    /**
     * Copies files one after the other.
     *
     * @throws NoSuchFileException if one no longer exists
     */
    void copy(List<StoredFile> files, OutputStream out) throws IOException;

    /** Writes a file, replacing an existing one. If that fails, the existing one stays: no reader sees half a file. */
    void write(String name, Content content) throws IOException;

    /** Removes a file, if it exists. */
    void delete(String name) throws IOException;

    /** All files in a folder and its subfolders, by name; none if it does not exist. */
    List<StoredFile> list(String folder) throws IOException;

    /** Removes a folder with all files in it, if it exists. */
    void deleteAll(String folder) throws IOException;

    /** A file or folder as shown to people: its path or URL. */
    String place(String name);

    /** The size of all files in a folder, in bytes. */
    default long size(String folder) throws IOException {
        return list(folder).stream().mapToLong(StoredFile::size).sum();
    }
}
