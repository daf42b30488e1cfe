package org.colleaguesearch.tooling.testing;

import java.util.Optional;
import java.util.Set;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.model.EndpointRequiredDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.ToDynamicDefinition;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;

/** Wraps a step of a route: reports each call to the case, and gives the case's answer instead of calling the step. */
final class StepInterceptor extends DelegateAsyncProcessor {
    private static final Set<String> HTTP = Set.of("http", "https", "opensearch");

    private final Stage stage;
    private final String node;
    private final boolean isHttp;

    private StepInterceptor(Stage stage, NamedNode node, Processor step) {
        super(step);
        this.stage = stage;
        this.node = node.getId();
        this.isHttp = HTTP.contains(EndpointIsolation.scheme(uri(node)));
    }

    /** The URI that a step sends to; empty for other steps. */
    private static String uri(NamedNode step) {
        return switch (step) {
            case EndpointRequiredDefinition to -> to.getEndpointUri();
            case ToDynamicDefinition to -> to.getUri();
            default -> "";
        };
    }

    /** Wraps every step. */
    static InterceptStrategy around(Stage stage) {
        return (CamelContext camel, NamedNode node, Processor step, Processor next) -> {
            stage.add(ProcessorDefinitionHelper.getRouteId(node), node.getId());
            return new StepInterceptor(stage, node, step);
        };
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        CaseRun run = stage.now();
        if (run == null) {
            return super.process(exchange, callback);
        }
        StepCall arrival = run.arrive(node, exchange);
        Optional<Answer> answer;
        try {
            answer = run.answer(arrival, isHttp);
        } catch (UnansweredCall e) {
            exchange.setException(e);
            return ended(run, arrival, exchange, callback);
        }
        if (answer.isPresent()) {
            answer.get().give(exchange);
            return ended(run, arrival, exchange, callback);
        }
        return stage.as(
                arrival,
                () -> super.process(exchange, isSync -> {
                    run.leave(arrival, exchange);
                    callback.done(isSync);
                }));
    }

    private static boolean ended(CaseRun run, StepCall arrival, Exchange exchange, AsyncCallback callback) {
        run.leave(arrival, exchange);
        callback.done(true);
        return true;
    }
}
