package org.colleaguesearch.tooling.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.async.AsyncExecCallback;
import org.apache.hc.client5.http.async.AsyncExecChain;
import org.apache.hc.client5.http.async.AsyncExecChainHandler;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.impl.BasicEntityDetails;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpResponse;
import org.apache.hc.core5.http.message.BasicHttpResponse;
import org.apache.hc.core5.http.nio.AsyncDataConsumer;
import org.apache.hc.core5.http.nio.AsyncEntityProducer;

/** Answers the requests of an HTTP client from the case instead of a connection. */
record CaseAnswers(Stage stage) implements ExecChainHandler, AsyncExecChainHandler {
    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws HttpException, IOException {
        Answer answer = answer(request);
        try {
            answer.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while delaying an answer");
        }
        ClassicHttpResponse response = new BasicClassicHttpResponse(status(answer));
        response.setEntity(new ByteArrayEntity(content(answer), type(answer)));
        addHeaders(answer, response);
        return response;
    }

    /** Does not block the caller for a delayed answer, just as a real connection would not. */
    @Override
    public void execute(
            HttpRequest request,
            AsyncEntityProducer body,
            AsyncExecChain.Scope scope,
            AsyncExecChain chain,
            AsyncExecCallback callback)
            throws HttpException {
        Answer answer;
        try {
            answer = answer(request);
        } catch (UnansweredCall e) {
            // Fails like a connection would, after this method has returned the call to its caller.
            callback.failed(e);
            return;
        }
        CompletableFuture.delayedExecutor(answer.delay().toMillis(), TimeUnit.MILLISECONDS)
                .execute(() -> {
                    try {
                        send(answer, callback);
                    } catch (HttpException | IOException | RuntimeException e) {
                        callback.failed(e);
                    }
                });
    }

    private static void send(Answer answer, AsyncExecCallback callback) throws HttpException, IOException {
        HttpResponse response = new BasicHttpResponse(status(answer));
        response.setHeader("Content-Type", type(answer));
        addHeaders(answer, response);
        byte[] content = content(answer);
        AsyncDataConsumer consumer =
                callback.handleResponse(response, new BasicEntityDetails(content.length, type(answer)));
        if (consumer != null) {
            consumer.consume(ByteBuffer.wrap(content));
            consumer.streamEnd(null);
        }
        callback.completed();
    }

    private Answer answer(HttpRequest request) throws HttpException {
        try {
            return stage.answer(request.getMethod(), request.getUri().toString());
        } catch (URISyntaxException e) {
            throw new HttpException("invalid URL: " + request.getRequestUri(), e);
        }
    }

    private static int status(Answer answer) {
        return answer.status() == null ? 200 : answer.status();
    }

    private static byte[] content(Answer answer) {
        JsonNode body = answer.body();
        return body == null ? new byte[0] : Json.compact(body).getBytes(StandardCharsets.UTF_8);
    }

    private static ContentType type(Answer answer) {
        return answer.body() != null && answer.body().isTextual()
                ? ContentType.TEXT_PLAIN.withCharset(StandardCharsets.UTF_8)
                : ContentType.APPLICATION_JSON;
    }

    private static void addHeaders(Answer answer, HttpResponse response) {
        answer.headers().forEach(response::setHeader);
    }
}
