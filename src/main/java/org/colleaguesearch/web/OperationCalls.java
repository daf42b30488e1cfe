package org.colleaguesearch.web;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import java.io.InputStream;
import java.util.Map;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.component.platform.http.springboot.PlatformHttpMessage;
import org.apache.camel.component.rest.openapi.DefaultRestOpenapiProcessorStrategy;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.ExchangeHelper;
import org.apache.camel.support.processor.RestBindingAdvice;
import org.apache.camel.util.IOHelper;
import org.colleaguesearch.indexing.CurrentRoutes;
import org.colleaguesearch.ledger.Lease;
import org.colleaguesearch.tracing.TraceContext;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;

/**
 * Calls the route of an operation with only the checked values of the request. The current route may be in another Camel
 * context than the request; the exchange belongs to the context of the route. The request's virtual thread waits for the
 * route. Stateless.
 */
final class OperationCalls extends DefaultRestOpenapiProcessorStrategy {
    /** Marks operations of the contract that only the keeper of a cluster carries out. */
    private static final String FOR_KEEPER = "x-keeper";

    private static final String ASK_KEEPER = "direct:ask-keeper";
    private final CurrentRoutes routes;
    private final Lease lease;

    OperationCalls(CurrentRoutes routes, Lease lease) {
        this.routes = routes;
        this.lease = lease;
    }

    @Override
    public boolean process(
            OpenAPI contract,
            Operation operation,
            String method,
            String path,
            RestBindingAdvice binding,
            Exchange exchange,
            AsyncCallback callback) {
        CheckedRequest request = CheckedRequest.of(((PlatformHttpMessage) exchange.getMessage()).getRequest());
        Exchange call = isForOtherNode(operation)
                ? routes.call(ASK_KEEPER, camel -> {
                    Exchange asked = exchange(camel, request);
                    asked.getMessage().setHeader("operation", operation.getOperationId());
                    return asked;
                })
                : routes.call("direct:" + operation.getOperationId(), camel -> exchange(camel, request));
        if (request.isHead() && call.getMessage().getBody() instanceof InputStream file) {
            // It may be huge, and would otherwise be read to the end and discarded.
            IOHelper.close(file);
            call.getMessage().setBody(null);
            // Otherwise Camel would send 204.
            call.getMessage()
                    .setHeader(
                            Exchange.HTTP_RESPONSE_CODE,
                            call.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, HttpStatus.OK.value()));
        }
        // Camel's request headers, such as CamelHttpPath, do not belong in the response.
        exchange.getMessage().removeHeaders("*");
        ExchangeHelper.copyResults(exchange, call);
        callback.done(true);
        return true;
    }

    private boolean isForOtherNode(Operation operation) {
        Map<String, Object> extensions = operation.getExtensions();
        return extensions != null && Boolean.TRUE.equals(extensions.get(FOR_KEEPER)) && lease.isFollowing();
    }

    private static Exchange exchange(CamelContext camel, CheckedRequest request) {
        Exchange call = new DefaultExchange(camel, ExchangePattern.InOut);
        request.values().forEach(call.getMessage()::setHeader);
        // The type of the request body, and of the response unless the route sets another.
        call.getMessage().setHeader(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON_VALUE);
        call.getMessage().setBody(request.body());
        RequestSpan.of(request).ifPresent(span -> TraceContext.set(call, span.context()));
        return call;
    }
}
