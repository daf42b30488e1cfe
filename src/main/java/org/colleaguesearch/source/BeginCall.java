package org.colleaguesearch.source;

import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/**
 * Begins a call, for routes that retry it. Camel attaches a failure caught earlier in the same run, such as one of
 * OpenSearch, to each later one, where it would be taken for the call's own: it is forgotten here. Stateless.
 */
@Component("beginCall")
class BeginCall implements Processor {
    @Override
    public void process(Exchange call) {
        call.removeProperty(ExchangePropertyKey.EXCEPTION_CAUGHT);
        CallState.begin(call);
    }
}
