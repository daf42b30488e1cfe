package org.colleaguesearch.web;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.colleaguesearch.delivery.ExportFiles;
import org.colleaguesearch.delivery.StoredFile;
import org.colleaguesearch.export.ExportResponses;
import org.colleaguesearch.ledger.ExportEntry;
import org.colleaguesearch.ledger.State;
import org.springframework.http.ContentDisposition;
import org.springframework.http.ETag;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpRange;
import org.springframework.stereotype.Component;

/**
 * Streams the files of exports: whole, in part (RFC 9110, section 14), compressed, or not at all if the client already has
 * them (section 13). Stateless: a file of a completed job no longer changes.
 *
 * <p>Spring's resource handling ignores {@code If-Range}, and Tomcat's compression ({@code server.compression}) skips
 * responses with a strong ETag, which clients need to resume a download.
 */
@Component("exportDownloads")
class ExportDownloads {
    private static final Map<String, String> TYPES = Map.of(
            ExportFiles.CSV, "text/csv; charset=utf-8",
            ExportFiles.ERRORS, "text/csv; charset=utf-8",
            ExportFiles.JSON_LINES, "application/x-ndjson");

    private final ExportFiles files;

    ExportDownloads(ExportFiles files) {
        this.files = files;
    }

    /**
     * The requested file of a job.
     *
     * @param request the headers of the request: {@code file}, {@code If-None-Match}, {@code If-Modified-Since},
     *     {@code Range}, {@code If-Range} and {@code Accept-Encoding}
     * @throws ProblemException 404 for an unknown file, 409 if the job is not completed, 416 if the range lies outside the
     *     file
     */
    public Download of(ExportEntry job, Map<String, Object> request) throws IOException {
        String name = (String) request.get("file");
        if (!TYPES.containsKey(name)) {
            throw new ProblemException(404, "unknown file '" + name + "'", "file");
        }
        if (job.state() != State.COMPLETED) {
            throw new ProblemException(
                    409, "the job is " + ExportResponses.state(job.state()) + "; only completed jobs have files");
        }
        HttpHeaders requestHeaders = new HttpHeaders();
        request.forEach((header, value) -> requestHeaders.set(header, Objects.toString(value, null)));
        try {
            StoredFile file = files.file(job.batchId(), name);
            return of(file, headers(file, job, name), requestHeaders);
        } catch (NoSuchFileException e) {
            throw new ProblemException(404, "the files of this export no longer exist");
        }
    }

    /** The response headers of the whole file, uncompressed. */
    private static HttpHeaders headers(StoredFile file, ExportEntry job, String name) {
        HttpHeaders headers = new HttpHeaders();
        headers.set(HttpHeaders.CONTENT_TYPE, TYPES.get(name));
        headers.setContentDisposition(ContentDisposition.attachment()
                .filename(job.jobId() + "-" + name)
                .build());
        headers.setLastModified(file.modified().toEpochMilli());
        headers.setETag("\"" + job.batchId() + "-" + name + "\"");
        headers.set(HttpHeaders.ACCEPT_RANGES, "bytes");
        headers.set(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
        headers.setContentLength(file.size());
        return headers;
    }

    private Download of(StoredFile file, HttpHeaders headers, HttpHeaders requestHeaders) throws IOException {
        boolean isGzip = ContentCodings.takesGzip(requestHeaders.getFirst(HttpHeaders.ACCEPT_ENCODING));
        // Different bytes need a different tag: ranges of the two must not be combined.
        String gzipTag = headers.getETag().replaceFirst("\"$", "-gzip\"");
        // A client that accepts gzip also accepts the plain file.
        for (String tag : isGzip ? List.of(gzipTag, headers.getETag()) : List.of(headers.getETag())) {
            if (isNotModified(requestHeaders, tag, headers.getLastModified())) {
                headers.setETag(tag);
                // The headers that section 15.4.5 requires.
                headers.keySet().retainAll(List.of(HttpHeaders.ETAG, HttpHeaders.LAST_MODIFIED, HttpHeaders.VARY));
                return new Download(304, headers.toSingleValueMap(), null);
            }
        }
        HttpRange range = ifRangeMatches(requestHeaders.getFirst(HttpHeaders.IF_RANGE), headers)
                ? singleRange(requestHeaders.getFirst(HttpHeaders.RANGE))
                : null;
        if (range != null) {
            return part(file, headers, range);
        }
        if (isGzip) {
            headers.remove(HttpHeaders.CONTENT_LENGTH);
            // Camel compresses the file because of this header.
            headers.set(HttpHeaders.CONTENT_ENCODING, "gzip");
            headers.setETag(gzipTag);
        }
        return new Download(200, headers.toSingleValueMap(), files.read(file, 0, file.size()));
    }

    /** Whether the client already has the file (section 13). {@code If-None-Match} takes precedence over a date. */
    private static boolean isNotModified(HttpHeaders requestHeaders, String tag, long modified) {
        String noneMatch = requestHeaders.getFirst(HttpHeaders.IF_NONE_MATCH);
        return noneMatch == null
                // -1 if it is missing or malformed.
                ? requestHeaders.getIfModifiedSince() >= modified
                : ETag.parse(noneMatch).stream()
                        .anyMatch(each -> each.isWildcard() || each.compare(ETag.create(tag), false));
    }

    private Download part(StoredFile file, HttpHeaders headers, HttpRange range) throws IOException {
        long size = headers.getContentLength();
        long first = range.getRangeStart(size);
        if (first >= size) {
            throw new ProblemException(416, "the range lies outside the file, which has " + size + " bytes", "Range")
                    .with(HttpHeaders.CONTENT_RANGE, "bytes */" + size);
        }
        long last = range.getRangeEnd(size);
        headers.setContentLength(last - first + 1);
        headers.set(HttpHeaders.CONTENT_RANGE, "bytes " + first + "-" + last + "/" + size);
        return new Download(206, headers.toSingleValueMap(), files.read(file, first, last - first + 1));
    }

    /** The requested range; null if missing, malformed, or more than one: then the whole file is sent. */
    private static HttpRange singleRange(String range) {
        try {
            // The unit is case-insensitive.
            List<HttpRange> ranges = HttpRange.parseRanges(range == null ? null : range.toLowerCase(Locale.ROOT));
            return ranges.size() == 1 ? ranges.getFirst() : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Whether {@code If-Range} (section 13.1.5), a tag or a date, is missing or matches the file exactly. */
    private static boolean ifRangeMatches(String ifRange, HttpHeaders headers) {
        return ifRange == null
                || ifRange.strip().equals(headers.getETag())
                || ifRange.strip().equals(headers.getFirst(HttpHeaders.LAST_MODIFIED));
    }

    /** Adds the headers of a download to those of the response. */
    public void addHeaders(Download download, Map<String, Object> headers) {
        headers.remove(HttpHeaders.CONTENT_TYPE);
        headers.putAll(download.headers());
        headers.put("CamelHttpResponseCode", download.status());
    }
}
