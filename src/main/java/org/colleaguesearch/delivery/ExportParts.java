package org.colleaguesearch.delivery;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.colleaguesearch.ledger.ChunkLedger.DoneChunk;

/** The parts of an export, one file per chunk: {@code <batch_id>/parts/<chunk>.jsonl}. Stateless. */
record ExportParts(FileStore store) {
    /** The name of a chunk's part. */
    static String name(String batchId, int chunk) {
        // Padded so that names sort numerically.
        return folder(batchId) + "/%09d.jsonl".formatted(chunk);
    }

    private static String folder(String batchId) {
        return batchId + "/parts";
    }

    /** The parts of an export, in chunk order. */
    List<StoredFile> all(String batchId) throws IOException {
        return store.list(folder(batchId)).stream()
                .filter(file -> file.name().matches(".*/\\d{9}\\.jsonl"))
                .toList();
    }

    /** The numbers of the chunks that have parts. */
    Set<Integer> numbers(String batchId) {
        try {
            return numbers(batchId, all(batchId));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<Integer> numbers(String batchId, List<StoredFile> parts) {
        int start = folder(batchId).length() + 1;
        return parts.stream()
                .map(part -> Integer.valueOf(part.name().substring(start, start + 9)))
                .collect(Collectors.toSet());
    }

    /**
     * The parts of an export, in chunk order, checked for completeness: a folder that another instance has emptied must not
     * produce an empty file.
     *
     * @throws NoSuchFileException if the part of a done chunk with rows is missing
     */
    List<StoredFile> complete(String batchId, List<DoneChunk> done) throws IOException {
        List<StoredFile> all = all(batchId);
        Set<Integer> numbers = numbers(batchId, all);
        for (DoneChunk chunk : done) {
            if (chunk.rows() > 0 && !numbers.contains(chunk.number())) {
                throw new NoSuchFileException(
                        store.place(folder(batchId)), null, "the part of chunk " + chunk.number() + " is missing");
            }
        }
        return all;
    }

    /** Removes the parts of an export. */
    void drop(String batchId) throws IOException {
        store.deleteAll(folder(batchId));
    }
}
