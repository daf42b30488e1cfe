package org.colleaguesearch.source;

import org.apache.camel.Exchange;
import org.apache.camel.spi.HeaderFilterStrategy;
import org.springframework.stereotype.Component;

/**
 * Keeps the headers of messages and of HTTP apart: no header of a message goes to an API but those of the request, and
 * those of a response are kept for paging, not in the message. Stateless.
 */
@Component("apiHeaders")
class ApiHeaders implements HeaderFilterStrategy {
    @Override
    public boolean applyFilterToCamelHeaders(String name, Object value, Exchange call) {
        return !CallState.of(call).request().headers().containsKey(name);
    }

    @Override
    public boolean applyFilterToExternalHeaders(String name, Object value, Exchange call) {
        CallState.of(call).addResponseHeader(name, value.toString());
        return true;
    }
}
