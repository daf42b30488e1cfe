package org.colleaguesearch.tooling.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.apache.camel.support.SimpleTypeConverter;
import org.apache.hc.core5.http.HttpHost;
import org.colleaguesearch.ColleagueSearch;
import org.colleaguesearch.delivery.SearchClient;
import org.colleaguesearch.tooling.check.CheckedStart;
import org.opensearch.client.RestClient;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.util.FileSystemUtils;

/**
 * The application with all its routes and beans and the shipped settings, isolated from external
 * systems: the ledger is in memory, files go to a temporary folder, no port is opened, no endpoint consumes anything,
 * and calls to an API or OpenSearch are answered by the {@link Stage}.
 */
final class TestedApplication implements AutoCloseable {
    private final Stage stage = new Stage();
    private final Path folder;
    private final ConfigurableApplicationContext spring;

    /**
     * Starts it.
     *
     * @param settings {@code --key=value}; they override the settings for tests
     * @throws TestStartFailure when it cannot start
     */
    TestedApplication(List<String> settings) {
        try {
            // The real path, since endpoint paths are compared with it.
            folder = Files.createTempDirectory("route-tests").toRealPath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        SpringApplication application = new SpringApplication(ColleagueSearch.class);
        application.setRegisterShutdownHook(false);
        application.setBannerMode(Banner.Mode.OFF);
        application.setLogStartupInfo(false);
        application.setWebApplicationType(WebApplicationType.NONE);
        application.addInitializers(context -> TestSettings.replaceOthers(context.getEnvironment()));
        application.addInitializers(CheckedStart.ofTests());
        application.addInitializers(context -> replace((GenericApplicationContext) context));
        try {
            spring = application.run(TestSettings.with(settings, folder));
        } catch (RuntimeException e) {
            FileSystemUtils.deleteRecursively(folder.toFile());
            throw new TestStartFailure(e);
        }
    }

    private void replace(GenericApplicationContext context) {
        context.registerBean("stageOfTests", CamelContextConfiguration.class, Setting::new);
        context.addBeanFactoryPostProcessor(beans -> {
            BeanDefinitionRegistry registry = (BeanDefinitionRegistry) beans;
            registry.removeBeanDefinition("openSearchClient");
            registry.removeBeanDefinition("searchClient");
            // Tests need no indexer, and the route check covers everything else that startChecks covers.
            registry.removeBeanDefinition("startChecks");
            context.registerBean("openSearchClient", RestClient.class, this::openSearch);
            context.registerBean("searchClient", SearchClient.class, () -> new SearchClient(openSearch()));
        });
    }

    private RestClient openSearch() {
        return RestClient.builder(new HttpHost("http", "opensearch.test", 9200))
                .setHttpClientConfigCallback(client -> client.addExecInterceptorFirst("case", new CaseAnswers(stage)))
                .build();
    }

    /** Installs the stage before the routes are created. */
    private final class Setting implements CamelContextConfiguration {
        @Override
        public void beforeApplicationStart(CamelContext camel) {
            SampleIndexers.replaceOthers(camel);
            camel.getCamelContextExtension().addInterceptStrategy(StepInterceptor.around(stage));
            camel.getCamelContextExtension().registerEndpointCallback(new EndpointIsolation(stage, folder));
            // Tests give JSON where a real response may be a text; steps can read both.
            camel.getTypeConverterRegistry()
                    .addTypeConverter(
                            InputStream.class,
                            JsonNode.class,
                            new SimpleTypeConverter(false, TestedApplication::stream));
        }

        @Override
        public void afterApplicationStart(CamelContext camel) {}
    }

    private static InputStream stream(Class<?> type, Exchange exchange, Object tree) {
        return new ByteArrayInputStream(tree.toString().getBytes(StandardCharsets.UTF_8));
    }

    Stage stage() {
        return stage;
    }

    /** The folder of its files. */
    Path folder() {
        return folder;
    }

    CamelContext camel() {
        return bean(CamelContext.class);
    }

    <T> T bean(Class<T> type) {
        return spring.getBean(type);
    }

    ConfigurableApplicationContext spring() {
        return spring;
    }

    @Override
    public void close() {
        spring.close();
        FileSystemUtils.deleteRecursively(folder.toFile());
    }
}
