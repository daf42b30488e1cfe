package org.colleaguesearch.source;

import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.component.http.HttpMethods;
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
        // As the component's own type: it would otherwise search for a converter in every call.
        message.setHeader(Exchange.HTTP_METHOD, HttpMethods.valueOf(request.method()));
        request.headers().forEach(message::setHeader);
        message.setBody(request.body());
    }
}
