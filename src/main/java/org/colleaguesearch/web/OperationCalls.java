package org.colleaguesearch.web;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.platform.http.springboot.PlatformHttpMessage;
import org.apache.camel.component.rest.openapi.DefaultRestOpenapiProcessorStrategy;
import org.apache.camel.support.processor.RestBindingAdvice;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;

/** Calls the route of an operation with what was checked of the request, and nothing else. Stateless. */
final class OperationCalls extends DefaultRestOpenapiProcessorStrategy {
    @Override
    public boolean process(
            OpenAPI contract,
            Operation operation,
            String method,
            String path,
            RestBindingAdvice binding,
            Exchange exchange,
            AsyncCallback callback) {
        Message message = exchange.getMessage();
        CheckedRequest request = CheckedRequest.of(((PlatformHttpMessage) message).getRequest());
        // Camel's own, such as CamelHttpPath, would change the URL of the next call that a route makes.
        message.removeHeaders("*");
        request.values().forEach(message::setHeader);
        // Of the request if it has a body, and of the answer unless its route says otherwise.
        message.setHeader(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON_VALUE);
        message.setBody(request.body());
        return super.process(contract, operation, method, path, binding, exchange, callback);
    }
}
