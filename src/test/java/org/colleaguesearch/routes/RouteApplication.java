package org.colleaguesearch.routes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.builder.AdviceWithRouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.apache.camel.util.function.ThrowingConsumer;
import org.colleaguesearch.ColleagueSearch;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.util.FileSystemUtils;

/**
 * The application with some of its route files only: real beans, the settings of application.yml, a folder of its own,
 * and an API that no call gets to. As an extension in a static field it serves all tests of a class.
 */
final class RouteApplication implements BeforeAllCallback, BeforeEachCallback, AfterAllCallback, AutoCloseable {
    /** Nothing answers there. */
    static final String API = "http://people.test";

    private final List<String> files = new ArrayList<>();
    private final Map<String, Object> settings = new LinkedHashMap<>();
    private final Map<String, ThrowingConsumer<AdviceWithRouteBuilder, Exception>> advice = new LinkedHashMap<>();
    private final List<ApplicationContextInitializer<GenericApplicationContext>> beans = new ArrayList<>();
    private final Path folder;
    private ConfigurableApplicationContext spring;

    private RouteApplication() {
        try {
            folder = Files.createTempDirectory("route-test");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // A JVM cannot have two schedulers of the same name.
        with("camel.main.name", folder.getFileName());
        with("colleagues.api.base-url", API);
        with("colleagues.deliver-to", "csv");
        with("colleagues.csv.folder", csv());
        with("colleagues.export.folder", exports());
        with("colleagues.database.file", folder.resolve("ledger"));
        with("colleagues.extract.in", file("in"));
        with("colleagues.extract.out", file("out/extract"));
        // Else its close waits up to a second for threads of Quartz that have nothing to do.
        with("camel.component.quartz.interrupt-jobs-on-shutdown", true);
        // The environment of whoever runs the tests is to change none of them.
        with("colleagues.indexing.only", "");
        with("colleagues.indexing.batch-size", 100);
        with("colleagues.indexing.parallel-indexers", 4);
    }

    /** With all files of a folder like {@code routes/}. */
    static RouteApplication in(Path routes) {
        RouteApplication application = new RouteApplication();
        application.files.add("file:" + routes + "/**/*.camel.yaml");
        return application;
    }

    /** With files of {@code routes/}, by name, whatever folder they are in. */
    static RouteApplication of(String... names) {
        RouteApplication application = new RouteApplication();
        // Without it, routes would have Camel's own error handler and not the project's.
        application.files.add("file:routes/errors.camel.yaml");
        for (String name : names) {
            application.files.add("file:routes/**/" + name + ".camel.yaml");
        }
        return application;
    }

    /** With a file of {@code src/test/resources/routes/}, too. */
    RouteApplication withTestRoute(String name) {
        files.add("classpath:routes/" + name + ".camel.yaml");
        return this;
    }

    RouteApplication withFile(Path file) {
        files.add("file:" + file);
        return this;
    }

    RouteApplication with(String setting, Object value) {
        settings.put(setting, value);
        return this;
    }

    RouteApplication without(String setting) {
        settings.remove(setting);
        return this;
    }

    /** With a bean besides those of the application. */
    <T> RouteApplication withBean(String name, Class<T> type, T bean) {
        beans.add(context -> context.registerBean(name, type, () -> bean));
        return this;
    }

    /** Changes a route before it starts. */
    RouteApplication with(String route, ThrowingConsumer<AdviceWithRouteBuilder, Exception> change) {
        advice.put(route, change);
        return this;
    }

    RouteApplication start() {
        SpringApplication application = new SpringApplication(ColleagueSearch.class);
        application.setRegisterShutdownHook(false);
        application.setBannerMode(Banner.Mode.OFF);
        application.setLogStartupInfo(false);
        application.setWebApplicationType(WebApplicationType.NONE);
        application.addInitializers(context -> ((GenericApplicationContext) context)
                .registerBean("advice", CamelContextConfiguration.class, () -> new Advice(advice)));
        beans.forEach(
                bean -> application.addInitializers(context -> bean.initialize((GenericApplicationContext) context)));
        // It wants all the indexers that the settings name.
        application.addInitializers(context -> context.addBeanFactoryPostProcessor(
                beans -> ((BeanDefinitionRegistry) beans).removeBeanDefinition("startChecks")));
        with("camel.main.routes-include-pattern", String.join(",", files));
        spring = application.run(settings.entrySet().stream()
                .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                .toArray(String[]::new));
        return this;
    }

    /** Stops it, and starts it again with what it has left in its folder. */
    RouteApplication restart() {
        spring.close();
        return start();
    }

    @Override
    public void beforeAll(ExtensionContext test) {
        start();
    }

    @Override
    public void beforeEach(ExtensionContext test) {
        MockEndpoint.resetMocks(camel());
    }

    @Override
    public void afterAll(ExtensionContext test) {
        close();
    }

    @Override
    public void close() {
        if (spring != null) {
            spring.close();
        }
        FileSystemUtils.deleteRecursively(folder.toFile());
    }

    CamelContext camel() {
        return bean(CamelContext.class);
    }

    ConfigurableApplicationContext spring() {
        return spring;
    }

    <T> T bean(Class<T> type) {
        return spring.getBean(type);
    }

    MockEndpoint mock(String name) {
        return camel().getEndpoint("mock:" + name, MockEndpoint.class);
    }

    /** The folder of the CSV files. */
    Path csv() {
        return folder.resolve("csv");
    }

    /** The folder of the exports. */
    Path exports() {
        return folder.resolve("exports");
    }

    /** A file of its folder, by its path in there. */
    Path file(String path) {
        return folder.resolve(path);
    }

    /** Sends what {@code message} makes and waits; the exchange has the answer, or the failure. */
    Exchange send(String route, Processor message) {
        return bean(ProducerTemplate.class).send("direct:" + route, message);
    }

    Exchange send(String route, Object body) {
        return send(route, exchange -> exchange.getMessage().setBody(body));
    }

    private record Advice(Map<String, ThrowingConsumer<AdviceWithRouteBuilder, Exception>> changes)
            implements CamelContextConfiguration {
        @Override
        public void beforeApplicationStart(CamelContext camel) {
            changes.forEach((route, change) -> {
                try {
                    AdviceWith.adviceWith(camel, route, false, change);
                } catch (Exception e) {
                    throw new IllegalStateException("cannot change route " + route, e);
                }
            });
        }

        @Override
        public void afterApplicationStart(CamelContext camel) {}
    }
}
