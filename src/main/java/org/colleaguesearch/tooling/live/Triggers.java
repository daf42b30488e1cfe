package org.colleaguesearch.tooling.live;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.component.quartz.QuartzComponent;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.PropertiesComponent;
import org.apache.camel.support.PatternHelper;
import org.quartz.SchedulerException;

/** Finds and holds back the triggers of a Camel context. Stateless. */
final class Triggers {
    /** Schemes that only routes of the same context send to. */
    private static final List<String> INNER = List.of("direct:", "seda:");

    private static final String SCHEDULE = "quartz";

    private Triggers() {}

    /** Prevents them from starting with the context, and returns the ids of those that would have started. */
    static Set<String> hold(CamelContext camel) {
        Set<String> held = new HashSet<>();
        String excluded = Objects.requireNonNullElse(camel.getAutoStartupExcludePattern(), "");
        for (RouteDefinition route :
                camel.getCamelContextExtension().getContextPlugin(Model.class).getRouteDefinitions()) {
            String uri = filled(camel, route, route.getEndpointUrl());
            if (isInner(uri)) {
                continue;
            }
            if (uri.startsWith(SCHEDULE + ":")) {
                // A scheduler that starts with the context would fire before its routes run, and catch up on times
                // that the previous generation has handled.
                camel.getComponent(SCHEDULE, QuartzComponent.class).setAutoStartScheduler(false);
            }
            boolean isOff = route.getAutoStartup() != null
                    && !Boolean.parseBoolean(filled(camel, route, route.getAutoStartup()));
            if (!isOff && !PatternHelper.matchPatterns(route.getRouteId(), excluded.split(",", -1))) {
                held.add(route.getRouteId());
            }
            route.setAutoStartup("false");
        }
        return held;
    }

    /** Starts the scheduler, after the scheduled routes. */
    static void begin(CamelContext camel) throws SchedulerException {
        if (camel.hasComponent(SCHEDULE) instanceof QuartzComponent quartz) {
            quartz.getScheduler().start();
        }
    }

    /** Resolves placeholders in a route, which may come from a template, with template arguments and settings. */
    private static String filled(CamelContext camel, RouteDefinition route, String text) {
        PropertiesComponent placeholders = camel.getPropertiesComponent();
        Properties arguments = new Properties();
        arguments.putAll(Objects.requireNonNullElse(route.getTemplateParameters(), Map.of()));
        placeholders.setLocalProperties(arguments);
        try {
            return camel.resolvePropertyPlaceholders(text);
        } finally {
            placeholders.setLocalProperties(null);
        }
    }

    static boolean isInner(String uri) {
        return INNER.stream().anyMatch(uri::startsWith);
    }

    /** The triggers of a started context, including routes that take requests. */
    static List<Trigger> in(CamelContext camel) {
        return camel.getRoutes().stream()
                .filter(route -> !isInner(route.getEndpoint().getEndpointUri()))
                .map(route -> new Trigger(camel, route))
                .toList();
    }
}
