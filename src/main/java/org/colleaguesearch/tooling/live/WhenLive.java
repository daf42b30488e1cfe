package org.colleaguesearch.tooling.live;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** The value of {@code colleagues.routes.live}; if unset, true with the embedded OpenSearch only. */
final class WhenLive implements Condition {
    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
        Binder settings = Binder.get(context.getEnvironment());
        return settings.bind("colleagues.routes.live", Boolean.class)
                .orElseGet(() -> settings.bind("colleagues.opensearch.url", String.class)
                        .orElse("")
                        .isEmpty());
    }
}
