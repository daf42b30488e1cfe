package org.colleaguesearch.monitoring;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Map;
import org.colleaguesearch.source.ApiGate;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.stereotype.Component;

/** Whether API calls succeed, by host: down while calls wait for a host that is down. Stateless. */
@Component
class ApiHealthIndicator implements HealthIndicator, MeterBinder {
    static final String WAITING = "colleagues.api.hosts.down";

    private final ApiGate gate;

    ApiHealthIndicator(ApiGate gate) {
        this.gate = gate;
    }

    @Override
    public Health health() {
        Map<String, CircuitBreaker.State> states = gate.states();
        return (down() == 0 ? Health.up() : Health.down()).withDetails(states).build();
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder(WAITING, this::down)
                .description("API hosts that are down, whose calls wait")
                .register(registry);
    }

    private long down() {
        return gate.states().values().stream()
                .filter(state -> state != CircuitBreaker.State.CLOSED)
                .count();
    }
}
