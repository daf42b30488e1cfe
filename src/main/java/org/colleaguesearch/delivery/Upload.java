package org.colleaguesearch.delivery;

import java.io.BufferedOutputStream;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.io.input.BoundedInputStream;
import org.colleaguesearch.settings.Readers;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * Writes content to a local file, and that to an object of a bucket once it is complete: an upload needs to know its length,
 * and may have to repeat a request. Stateless.
 *
 * @param folder of the local file
 * @param pieceSize in bytes: larger files are uploaded in pieces
 */
record Upload(Path folder, Readers readers, long pieceSize) {
    /** In bytes. Even a slow line carries it within the time limit of a request. */
    static final long PIECE = 16 * 1024 * 1024;

    /** The most pieces that an object can have. */
    private static final int MAX_PIECES = 10_000;

    /** Uploads a complete file. */
    interface Uploading {
        void upload(Body body) throws IOException;
    }

    void write(FileStore.Content content, Uploading uploading) throws IOException {
        readers.makeFolder(folder);
        Path path = Files.createTempFile(folder, "upload-", ".tmp");
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            if (Readers.HAS_PERMISSIONS) {
                // An open file needs no name here, and a process that is killed leaves none.
                Files.delete(path);
            }
            OutputStream out = new BufferedOutputStream(new FileOutputStream(file.getFD()));
            content.write(out);
            out.flush();
            uploading.upload(new Body(file, file.length(), pieceSize));
        } finally {
            Files.deleteIfExists(path);
        }
    }

    /** The content of an object. */
    record Body(RandomAccessFile file, long length, long pieceSize) {
        /** Uploads it. The object appears, or replaces an existing one, when all of it is there. */
        void to(S3Client client, String bucket, String key) {
            if (length <= pieceSize) {
                client.putObject(put -> put.bucket(bucket).key(key), piece(0, length));
                return;
            }
            String upload = client.createMultipartUpload(
                            create -> create.bucket(bucket).key(key))
                    .uploadId();
            try {
                List<CompletedPart> pieces = new ArrayList<>();
                long size = Math.max(pieceSize, length / MAX_PIECES + 1);
                for (long first = 0; first < length; first += size) {
                    int number = pieces.size() + 1;
                    RequestBody piece = piece(first, Math.min(size, length - first));
                    String tag = client.uploadPart(
                                    part -> part.bucket(bucket)
                                            .key(key)
                                            .uploadId(upload)
                                            .partNumber(number),
                                    piece)
                            .eTag();
                    pieces.add(
                            CompletedPart.builder().partNumber(number).eTag(tag).build());
                }
                client.completeMultipartUpload(complete ->
                        complete.bucket(bucket).key(key).uploadId(upload).multipartUpload(all -> all.parts(pieces)));
            } catch (RuntimeException e) {
                abort(client, bucket, key, upload, e);
                throw e;
            }
        }

        /** Pieces of an upload that is not completed would take space for ever. */
        private static void abort(S3Client client, String bucket, String key, String upload, RuntimeException failure) {
            try {
                client.abortMultipartUpload(
                        abort -> abort.bucket(bucket).key(key).uploadId(upload));
            } catch (RuntimeException e) {
                failure.addSuppressed(e);
            }
        }

        /** Each attempt of a request reads it from its beginning; there is one at a time. */
        private RequestBody piece(long first, long size) {
            return RequestBody.fromContentProvider(
                    () -> {
                        try {
                            file.seek(first);
                            // Not a channel: it would be closed when a time limit interrupts the thread.
                            return BoundedInputStream.builder()
                                    .setInputStream(new FileInputStream(file.getFD()))
                                    .setMaxCount(size)
                                    .setPropagateClose(false)
                                    .get();
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    },
                    size,
                    "application/octet-stream");
        }
    }
}
