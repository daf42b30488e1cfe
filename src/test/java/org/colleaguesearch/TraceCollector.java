package org.colleaguesearch;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Receives traces by OTLP over HTTP and parses as much of their protobuf as the tests need. */
final class TraceCollector implements AutoCloseable {
    /**
     * A span as it was sent.
     *
     * @param parentId empty for a root
     * @param links the trace ids of its links
     * @param resource the attributes of its resource
     */
    record Span(
            String traceId,
            String spanId,
            String parentId,
            String name,
            String kind,
            Map<String, Object> attributes,
            String status,
            String description,
            List<String> links,
            Map<String, Object> resource) {
        boolean isRoot() {
            return parentId.isEmpty();
        }
    }

    private static final List<String> KINDS =
            List.of("UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER");

    private static final List<String> STATUSES = List.of("UNSET", "OK", "ERROR");

    private final HttpServer server;
    private final List<byte[]> requests = new CopyOnWriteArrayList<>();

    TraceCollector() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/traces", exchange -> {
            requests.add(exchange.getRequestBody().readAllBytes());
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1/traces";
    }

    /** All spans so far. */
    List<Span> spans() {
        List<Span> spans = new ArrayList<>();
        for (byte[] request : requests) {
            for (Message ofResource : Message.of(request).messages(1)) {
                Map<String, Object> resource =
                        attributes(ofResource.messages(1).get(0).messages(1));
                ofResource.messages(2).stream()
                        .flatMap(ofScope -> ofScope.messages(2).stream())
                        .map(span -> span(span, resource))
                        .forEach(spans::add);
            }
        }
        return spans;
    }

    /** Everything that was sent, decoded as text. */
    String text() {
        StringBuilder text = new StringBuilder();
        requests.forEach(request -> text.append(new String(request, StandardCharsets.UTF_8)));
        return text.toString();
    }

    private static Span span(Message span, Map<String, Object> resource) {
        Message status = span.messages(15).stream().findFirst().orElse(Message.of(new byte[0]));
        return new Span(
                span.hex(1),
                span.hex(2),
                span.hex(4),
                span.text(5),
                KINDS.get((int) span.number(6)),
                attributes(span.messages(9)),
                STATUSES.get((int) status.number(3)),
                status.text(2),
                span.messages(13).stream().map(link -> link.hex(1)).toList(),
                resource);
    }

    private static Map<String, Object> attributes(List<Message> pairs) {
        Map<String, Object> attributes = new TreeMap<>();
        for (Message pair : pairs) {
            Message value = pair.messages(2).get(0);
            attributes.put(pair.text(1), value.has(1) ? value.text(1) : value.number(3));
        }
        return attributes;
    }

    @Override
    public void close() {
        server.stop(0);
    }

    /** A protobuf message, by field number: a Long, or the bytes of a text or of another message. */
    private record Message(Map<Integer, List<Object>> fields) {
        static Message of(byte[] bytes) {
            ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            Map<Integer, List<Object>> fields = new LinkedHashMap<>();
            while (in.hasRemaining()) {
                int tag = (int) varint(in);
                Object value =
                        switch (tag & 7) {
                            case 0 -> varint(in);
                            case 1 -> in.getLong();
                            case 2 -> {
                                byte[] field = new byte[(int) varint(in)];
                                in.get(field);
                                yield field;
                            }
                            case 5 -> (long) in.getInt();
                            default -> throw new AssertionError("unknown protobuf wire type: " + (tag & 7));
                        };
                fields.computeIfAbsent(tag >>> 3, number -> new ArrayList<>()).add(value);
            }
            return new Message(fields);
        }

        private static long varint(ByteBuffer in) {
            long value = 0;
            for (int shift = 0; ; shift += 7) {
                byte next = in.get();
                value |= (long) (next & 0x7f) << shift;
                if (next >= 0) {
                    return value;
                }
            }
        }

        boolean has(int field) {
            return fields.containsKey(field);
        }

        List<Message> messages(int field) {
            return fields.getOrDefault(field, List.of()).stream()
                    .map(bytes -> of((byte[]) bytes))
                    .toList();
        }

        private byte[] bytes(int field) {
            return has(field) ? (byte[]) fields.get(field).get(0) : new byte[0];
        }

        String hex(int field) {
            return HexFormat.of().formatHex(bytes(field));
        }

        String text(int field) {
            return new String(bytes(field), StandardCharsets.UTF_8);
        }

        long number(int field) {
            return has(field) ? (Long) fields.get(field).get(0) : 0;
        }
    }
}
