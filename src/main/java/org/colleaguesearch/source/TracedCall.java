package org.colleaguesearch.source;

import java.net.URI;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.colleaguesearch.tracing.CallSpan;

/**
 * Makes an API call and, if it is part of a trace, a span of it: from the request to the parsed response, without the
 * waits for the API's limits. Stateless.
 *
 * @param call calls the URL in the message body
 */
record TracedCall(Processor call) implements Processor {
    @Override
    public void process(Exchange exchange) throws Exception {
        if (!CallSpan.isWanted()) {
            call.process(exchange);
            return;
        }
        Message message = exchange.getMessage();
        String method = CallState.of(exchange).request().method();
        CallSpan span = CallSpan.begin(method, method, URI.create(message.getBody(String.class)))
                .resent(CallState.of(exchange).retries());
        // Left over from an earlier attempt.
        message.removeHeader(Exchange.HTTP_RESPONSE_CODE);
        try {
            call.process(exchange);
            note(exchange, exchange.getException(), span);
        } catch (Exception e) {
            note(exchange, e, span);
            throw e;
        } finally {
            span.end();
        }
    }

    private static void note(Exchange exchange, Exception failure, CallSpan span) {
        Integer refused = failure == null ? null : ApiFailures.status(failure);
        Integer status =
                refused == null ? exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class) : refused;
        if (status != null) {
            span.answered(status);
        }
        if (failure != null) {
            span.failed(
                    refused == null ? failure.getClass().getName() : refused.toString(), ApiFailures.reason(failure));
        }
    }
}
