package org.colleaguesearch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.zip.GZIPOutputStream;
import org.colleaguesearch.ScriptedServer.Reply;
import org.colleaguesearch.ScriptedServer.Request;

/** Replies of a server, good and bad. */
public final class Replies {
    private Replies() {}

    /** 200 with JSON. */
    public static Reply json(String body) {
        return status(200, body, "Content-Type: application/json");
    }

    /** The reply of an OpenSearch that has everything; without a body for HEAD. */
    public static Reply found(Request request) {
        return request.method().equals("HEAD") ? status(200, "") : json("{}");
    }

    /** Any status with an error text as body. */
    public static Reply error(int status, String... headers) {
        return status(status, "{\"error\":\"this is what the server says\"}", headers);
    }

    /** Any status and body. */
    public static Reply status(int status, String body, String... headers) {
        return status(status, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    private static Reply status(int status, byte[] body, String... headers) {
        return connection -> {
            connection.write(head(status, headers) + "Content-Length: " + body.length + "\r\n\r\n");
            connection.write(body);
        };
    }

    private static String head(int status, String... headers) {
        StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Some Phrase\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        return head.toString();
    }

    /** A TCP reset instead of a reply. */
    public static Reply reset() {
        return ScriptedServer.Connection::reset;
    }

    /** No reply at all. */
    public static Reply hang() {
        return ScriptedServer.Connection::hang;
    }

    /** The beginning of a reply, then nothing more. */
    public static Reply stall(String beginning) {
        return connection -> {
            connection.write(head(200, "Content-Type: application/json") + "Content-Length: 1000\r\n\r\n" + beginning);
            connection.hang();
        };
    }

    /** A reply cut in half by the end of the connection. */
    public static Reply cutOff(String body) {
        return connection -> {
            connection.write(head(200) + "Content-Length: " + body.length() + "\r\n\r\n");
            connection.write(body.substring(0, body.length() / 2));
            connection.close();
        };
    }

    /** Half a reply that claims to be complete. */
    public static Reply half(String body) {
        return json(body.substring(0, body.length() / 2));
    }

    /** A JSON text of some size, sent with its Content-Length. */
    public static Reply large(int bytes) {
        return json(text(bytes));
    }

    /** A JSON text of some size, sent with chunked transfer encoding. */
    public static Reply largeInChunks(int bytes) {
        return connection -> {
            connection.write(head(200, "Transfer-Encoding: chunked") + "\r\n");
            for (int sent = 0; sent < bytes; sent += 1000) {
                connection.write("3e8\r\n" + "x".repeat(1000) + "\r\n");
            }
            connection.write("0\r\n\r\n");
        };
    }

    /** A few compressed bytes that expand to many. */
    public static Reply gzipBomb(int bytes) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(text(bytes).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return status(200, packed.toByteArray(), "Content-Encoding: gzip");
    }

    /** A reply one byte at a time, each in time for a client's read time-out. */
    public static Reply drip(int bytes, Duration pause) {
        return connection -> {
            connection.write(head(200) + "Content-Length: " + bytes + "\r\n\r\n");
            for (int i = 0; i < bytes; i++) {
                connection.write(" ");
                connection.pause(pause);
            }
        };
    }

    /** Endless headers, one at a time. */
    public static Reply dripHeaders(Duration pause) {
        return connection -> {
            connection.write(head(200));
            for (int i = 0; ; i++) {
                connection.write("X-" + i + ": x\r\n");
                connection.pause(pause);
            }
        };
    }

    /** Endless headers at full speed, more than fit in memory. */
    public static Reply endlessHeaders() {
        return connection -> {
            connection.write(head(200));
            for (int i = 0; ; i++) {
                connection.write("X-" + i + ": " + "x".repeat(1000) + "\r\n");
            }
        };
    }

    private static String text(int bytes) {
        return "\"" + "x".repeat(bytes - 2) + "\"";
    }
}
