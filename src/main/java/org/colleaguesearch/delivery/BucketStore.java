package org.colleaguesearch.delivery;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.file.NoSuchFileException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.Delete;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;

/**
 * Files as objects of a bucket, below a prefix.
 *
 * <p>By the client that Camel's component {@code aws2-s3} has, and not by its producer: an exchange for each request would
 * hide that these are a few plain calls.
 */
final class BucketStore implements FileStore {
    /**
     * In bytes. A file is read in blocks, each with a request that can be repeated, so that a client that reads slowly holds
     * no connection.
     */
    static final int BLOCK = 512 * 1024;

    /** Blocks of files that are read at the same time when they are joined. */
    private static final int AHEAD = 16;

    private final S3Client client;
    private final String bucket;
    private final String prefix;
    private final Upload upload;

    /** @param prefix ends with {@code /} */
    BucketStore(S3Client client, String bucket, String prefix, Upload upload) {
        this.client = client;
        this.bucket = bucket;
        this.prefix = prefix;
        this.upload = upload;
    }

    @Override
    public Optional<StoredFile> find(String name) throws IOException {
        try {
            HeadObjectResponse found = call(
                    name, () -> client.headObject(head -> head.bucket(bucket).key(key(name))));
            return Optional.of(new StoredFile(name, found.contentLength(), found.lastModified()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    @Override
    public InputStream read(StoredFile file, long first, long length) {
        return new BlockStream(first, length, (from, size) -> block(file, from, size));
    }

    private byte[] block(StoredFile file, long from, int size) throws IOException {
        byte[] bytes = call(
                file.name(),
                () -> client.getObjectAsBytes(get -> get.bucket(bucket)
                                .key(key(file.name()))
                                .range("bytes=" + from + "-" + (from + size - 1)))
                        .asByteArrayUnsafe());
        if (bytes.length != size) {
            throw new IOException(place(file.name()) + " was replaced while it was read");
        }
        return bytes;
    }

    /** Reads the first blocks of the next files ahead, since each request takes as long as many bytes do. */
    @Override
    public void copy(List<StoredFile> files, OutputStream out) throws IOException {
        List<StoredFile> all = files.stream().filter(file -> file.size() > 0).toList();
        Deque<Future<byte[]>> ahead = new ArrayDeque<>(AHEAD);
        ExecutorService readers =
                Executors.newFixedThreadPool(AHEAD, Thread.ofVirtual().factory());
        try {
            int next = 0;
            for (StoredFile file : all) {
                for (; next < all.size() && ahead.size() < AHEAD; next++) {
                    StoredFile later = all.get(next);
                    ahead.add(readers.submit(() -> block(later, 0, (int) Math.min(BLOCK, later.size()))));
                }
                out.write(await(ahead.remove()));
                if (file.size() > BLOCK) {
                    read(file, BLOCK, file.size() - BLOCK).transferTo(out);
                }
            }
        } finally {
            readers.shutdownNow();
        }
    }

    private static byte[] await(Future<byte[]> block) throws IOException {
        try {
            return block.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while files were joined");
        } catch (ExecutionException e) {
            // Again, so that the stack trace is that of the join.
            throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
        }
    }

    @Override
    public void write(String name, Content content) throws IOException {
        upload.write(
                content,
                body -> call(name, () -> {
                    body.to(client, bucket, key(name));
                    return name;
                }));
    }

    @Override
    public void delete(String name) throws IOException {
        call(name, () -> client.deleteObject(delete -> delete.bucket(bucket).key(key(name))));
    }

    @Override
    public List<StoredFile> list(String folder) throws IOException {
        return call(folder, () -> {
            List<StoredFile> files = new ArrayList<>();
            for (ListObjectsV2Response page : pages(folder)) {
                page.contents()
                        .forEach(each -> files.add(new StoredFile(
                                each.key().substring(prefix.length()), each.size(), each.lastModified())));
            }
            return files;
        });
    }

    private Iterable<ListObjectsV2Response> pages(String folder) {
        return client.listObjectsV2Paginator(list -> list.bucket(bucket).prefix(key(folder) + "/"));
    }

    @Override
    public void deleteAll(String folder) throws IOException {
        List<ObjectIdentifier> left = call(folder, () -> {
            List<ObjectIdentifier> undeleted = new ArrayList<>();
            // A page has as many objects as one request may delete.
            for (ListObjectsV2Response page : pages(folder)) {
                undeleted.addAll(delete(page));
            }
            return undeleted;
        });
        if (!left.isEmpty()) {
            throw new IOException("could not delete " + left.size() + " objects below " + place(folder));
        }
    }

    private List<ObjectIdentifier> delete(ListObjectsV2Response page) {
        if (page.contents().isEmpty()) {
            return List.of();
        }
        Delete all = Delete.builder()
                .quiet(true)
                .objects(page.contents().stream()
                        .map(each -> ObjectIdentifier.builder().key(each.key()).build())
                        .toList())
                .build();
        DeleteObjectsResponse deleted =
                client.deleteObjects(delete -> delete.bucket(bucket).delete(all));
        return deleted.errors().stream()
                .map(error -> ObjectIdentifier.builder().key(error.key()).build())
                .toList();
    }

    @Override
    public String place(String name) {
        return "s3://" + bucket + "/" + key(name);
    }

    private String key(String name) {
        return prefix + name;
    }

    /** A request, whose failure is then treated like that of a disk. */
    private <T> T call(String name, Supplier<T> request) throws IOException {
        try {
            return request.get();
        } catch (NoSuchKeyException e) {
            throw new NoSuchFileException(place(name));
        } catch (SdkException e) {
            throw new IOException(place(name) + ": " + e.getMessage(), e);
        }
    }
}
