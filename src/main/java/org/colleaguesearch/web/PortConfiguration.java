package org.colleaguesearch.web;

import java.time.Duration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;

/**
 * What the ports of the API and of the management have in common. The first finds it like any configuration of this
 * package. The second has a context of its own, which is told by {@code META-INF/spring}.
 */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
@ConditionalOnWebApplication
class PortConfiguration {
    private static final long TOMCATS_OWN = 20_000;

    /** How long a client may be silent. 0 or less, no limit for Tomcat, is what Tomcat has when it is not set. */
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
