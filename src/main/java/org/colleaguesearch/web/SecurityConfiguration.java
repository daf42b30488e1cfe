package org.colleaguesearch.web;

import jakarta.servlet.DispatcherType;
import java.time.Duration;
import org.apache.camel.CamelContext;
import org.colleaguesearch.settings.Settings;
import org.colleaguesearch.source.NodeShare;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.web.ServerProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.security.web.session.DisableEncodeUrlFilter;

/** The security filters. CSRF protection is off because there are no cookies or sessions. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication
class SecurityConfiguration {
    /** Swagger UI uses inline styles, and images inside its style sheet. */
    private static final String PAGE_POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
            + " img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final String API_POLICY = "default-src 'none'; frame-ancestors 'none'";

    @Bean
    InFlight inFlight(Settings settings) {
        Integer places = settings.web().requestsInFlight();
        return new InFlight(places == null ? InFlight.placesOfHeap() : places);
    }

    @Bean
    Refusals refusals() {
        return new Refusals();
    }

    /** The operations, which require a key with their scope. */
    @Bean
    @Order(1)
    SecurityFilterChain operations(
            HttpSecurity http,
            Settings settings,
            ServerProperties server,
            ApiContract contract,
            ApiKeys keys,
            NodeShare share,
            InFlight inFlight,
            Refusals refusals,
            ObjectProvider<CamelContext> camel)
            throws Exception {
        Settings.Web web = settings.web();
        Access access = new Access(contract);
        return plain(http, API_POLICY)
                .securityMatcher(ApiContract.BASE_PATH + "/**")
                .addFilterBefore(new AuditFilter(contract, refusals), DisableEncodeUrlFilter.class)
                .addFilterBefore(
                        new ApiKeyFilter(keys, web.requestsPerSecond(), share), AnonymousAuthenticationFilter.class)
                .exceptionHandling(
                        refused -> refused.authenticationEntryPoint(access).accessDeniedHandler(access))
                .authorizeHttpRequests(
                        requests -> requests.dispatcherTypeMatchers(DispatcherType.ASYNC, DispatcherType.ERROR)
                                .permitAll()
                                .anyRequest()
                                .access(access::decide))
                .addFilterAfter(
                        new ContractFilter(
                                () -> camel.getObject().isStarted(),
                                inFlight,
                                new Checks(contract, web.maxRequestSize().toBytes(), readTimeout(server))),
                        AuthorizationFilter.class)
                .build();
    }

    /** The contract, Swagger UI and the management port, which require no key. */
    @Bean
    @Order(2)
    SecurityFilterChain open(HttpSecurity http) throws Exception {
        return plain(http, PAGE_POLICY)
                .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                .build();
    }

    private static Duration readTimeout(ServerProperties server) {
        Duration set = server.getTomcat().getConnectionTimeout();
        return PortConfiguration.readTimeout(set == null ? 0 : set.toMillis());
    }

    private static HttpSecurity plain(HttpSecurity http, String contentPolicy) throws Exception {
        return http.csrf(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .headers(headers -> headers.contentSecurityPolicy(policy -> policy.policyDirectives(contentPolicy)));
    }

    /** Observations would time each filter of each request to no purpose. */
    @Bean
    SecurityObservationSettings noObservations() {
        return SecurityObservationSettings.noObservations();
    }

    /** Handles requests that are rejected before our own filters, or on the open pages. */
    @Bean
    RequestRejectedHandler rejectedRequests(Refusals refusals) {
        return (request, response, rejection) -> {
            ProblemException.ofFirewall().send(response);
            refusals.note(request.getRemoteAddr(), request.getRequestURI(), response.getStatus());
        };
    }
}
