package org.colleaguesearch.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.io.output.DeferredFileOutputStream;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.indexing.WrittenItems;
import org.colleaguesearch.settings.Readers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;

/**
 * The items of URLs whose chunks are not delivered yet: in memory if small, else in {@code <folder>/<batch_id>/items/}.
 * Always files of this machine, since only the thread that delivers the chunk reads them. Stateless.
 */
record KeptItems(Path folder, Readers readers) {
    private static final Logger LOG = LoggerFactory.getLogger(KeptItems.class);

    /** Up to this size, the items of a URL stay in memory: at most 100 URLs per chunk, and a few chunks per job. */
    private static final int MEMORY_THRESHOLD = 8 * 1024;

    /** The items of a URL. */
    record Kept(int count, DeferredFileOutputStream bytes) implements WrittenItems {
        void moveTo(OutputStream out) throws IOException {
            bytes.writeTo(out);
            if (!bytes.isInMemory()) {
                Files.delete(bytes.getPath());
            }
        }
    }

    /**
     * Keeps the items of a URL, and counts them.
     *
     * @param index of the URL in its chunk
     * @throws IOException if they cannot be written, or exceed a limit; they are removed then
     */
    Kept keep(Chunk chunk, JsonNode items, int index, ExportJob job) throws IOException {
        Path file = folder(chunk.batchId()).resolve("%09d-%09d.items".formatted(chunk.number(), index));
        readers.makeFolder(file.getParent());
        DeferredFileOutputStream kept = DeferredFileOutputStream.builder()
                .setThreshold(MEMORY_THRESHOLD)
                .setOutputFile(file.toFile())
                .get();
        ExportJob.Counted out = job.items(kept);
        try (out) {
            ExportLines.write(chunk.people().get(index).name(), items, out);
        } catch (IOException e) {
            Files.deleteIfExists(file);
            out.takeBack();
            throw e;
        }
        return new Kept(items.size(), kept);
    }

    private Path folder(String batchId) {
        return folder.resolve(batchId).resolve("items");
    }

    /** Removes the items of an export. */
    void drop(String batchId) {
        try {
            FileSystemUtils.deleteRecursively(folder(batchId));
            // Unless the other files of the export are there as well.
            Files.deleteIfExists(folder.resolve(batchId));
        } catch (DirectoryNotEmptyException e) {
            LOG.trace("{} has other files", folder.resolve(batchId));
        } catch (IOException e) {
            // Harmless: they only take disk space.
            LOG.warn("cannot remove {}: {}", folder(batchId), e.getMessage());
        }
    }
}
