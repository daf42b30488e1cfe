package org.colleaguesearch.web;

import java.time.Duration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;

/**
 * Server settings shared by the API and management ports. The context of the management port finds this class through
 * {@code META-INF/spring}.
 */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
@ConditionalOnWebApplication
class PortConfiguration {
    private static final long TOMCAT_DEFAULT = 20_000;

    /** How long a client may be silent. Tomcat's default for 0 or less (no limit). */
    static Duration readTimeout(long connectionTimeout) {
        return Duration.ofMillis(connectionTimeout > 0 ? connectionTimeout : TOMCAT_DEFAULT);
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> boundedHttp11() {
        return factory -> {
            factory.setProtocol(BoundedHttp11.class.getName());
            factory.addEngineValves(new UnreadBodyValve());
        };
    }
}
