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

/** What a server can answer, good and bad. */
public final class Replies {
    private Replies() {}

    /** 200 with JSON. */
    public static Reply json(String body) {
        return status(200, body, "Content-Type: application/json");
    }

    /** What an OpenSearch answers that has all that is asked for. To HEAD, there is no body. */
    public static Reply found(Request request) {
        return request.method().equals("HEAD") ? status(200, "") : json("{}");
    }

    /** Any status, with an error text for a body. */
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

    /** A TCP reset in place of an answer. */
    public static Reply reset() {
        return ScriptedServer.Connection::reset;
    }

    /** No answer at all. */
    public static Reply hang() {
        return ScriptedServer.Connection::hang;
    }

    /** The beginning of an answer, and then nothing more. */
    public static Reply stall(String beginning) {
        return connection -> {
            connection.write(head(200, "Content-Type: application/json") + "Content-Length: 1000\r\n\r\n" + beginning);
            connection.hang();
        };
    }

    /** An answer of which the connection's end cuts off half. */
    public static Reply cutOff(String body) {
        return connection -> {
            connection.write(head(200) + "Content-Length: " + body.length() + "\r\n\r\n");
            connection.write(body.substring(0, body.length() / 2));
            connection.close();
        };
    }

    /** Half an answer that claims to be whole. */
    public static Reply half(String body) {
        return json(body.substring(0, body.length() / 2));
    }

    /** A JSON text of some size, sent with its Content-Length. */
    public static Reply large(int bytes) {
        return json(text(bytes));
    }

    /** A JSON text of some size, sent in chunks with no word of how many there will be. */
    public static Reply largeInChunks(int bytes) {
        return connection -> {
            connection.write(head(200, "Transfer-Encoding: chunked") + "\r\n");
            for (int sent = 0; sent < bytes; sent += 1000) {
                connection.write("3e8\r\n" + "x".repeat(1000) + "\r\n");
            }
            connection.write("0\r\n\r\n");
        };
    }

    /** A few bytes that become many. */
    public static Reply gzipBomb(int bytes) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(text(bytes).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return status(200, packed.toByteArray(), "Content-Encoding: gzip");
    }

    /** An answer that comes one byte at a time, each soon enough for a client that only fears silence. */
    public static Reply drip(int bytes, Duration pause) {
        return connection -> {
            connection.write(head(200) + "Content-Length: " + bytes + "\r\n\r\n");
            for (int i = 0; i < bytes; i++) {
                connection.write(" ");
                connection.pause(pause);
            }
        };
    }

    /** Headers that come one at a time and never end. */
    public static Reply dripHeaders(Duration pause) {
        return connection -> {
            connection.write(head(200));
            for (int i = 0; ; i++) {
                connection.write("X-" + i + ": x\r\n");
                connection.pause(pause);
            }
        };
    }

    /** More headers than memory could hold, as fast as they can be sent. */
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
