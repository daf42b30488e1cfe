package org.colleaguesearch.source;

import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/**
 * Prepares a message whose body is an absolute URL for Camel's HTTP component: URL, method, headers and body of the
 * request. Stateless.
 */
@Component("prepareRequest")
class PrepareRequest implements Processor {
    /** {@inheritDoc} Throws {@link PermanentFailure} when the URL must not be called. */
    @Override
    public void process(Exchange call) throws PermanentFailure {
        Request request = CallState.of(call).request();
        Message message = call.getMessage();
        message.setHeader(Exchange.HTTP_URI, ApiUrls.straight(message.getBody(String.class)));
        message.setHeader(Exchange.HTTP_METHOD, request.method());
        request.headers().forEach(message::setHeader);
        message.setBody(request.body());
    }
}
