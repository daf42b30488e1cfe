package org.colleaguesearch.source;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/** Begins a call, for routes that retry it. Stateless. */
@Component("beginCall")
class BeginCall implements Processor {
    @Override
    public void process(Exchange call) {
        CallState.begin(call);
    }
}
