package org.colleaguesearch.web;

import java.time.Duration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;

/**
 * The server settings that the API port and the management port share. The management port's own context finds this class
 * through {@code META-INF/spring}.
 */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
@ConditionalOnWebApplication
class PortConfiguration {
    private static final long TOMCATS_OWN = 20_000;

    /** How long a client may be silent. For 0 or less (no limit), Tomcat's default. */
    static Duration readTimeout(long connectionTimeout) {
        return Duration.ofMillis(connectionTimeout > 0 ? connectionTimeout : TOMCATS_OWN);
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> boundedHttp11() {
        return factory -> {
            factory.setProtocol(BoundedHttp11.class.getName());
            factory.addEngineValves(new UnreadBodyValve());
        };
    }
}
