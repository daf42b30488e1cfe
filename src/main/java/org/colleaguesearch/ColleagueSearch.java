package org.colleaguesearch;

import org.apache.camel.ProducerTemplate;
import org.colleaguesearch.runs.Batch;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.ConfigurableApplicationContext;

/** Starts Colleague Search: as a service, or for one batch. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class ColleagueSearch {
    /** Exit code of a start that did not succeed, and of a batch that could not be done. */
    static final int NOT_DONE = 2;

    public static void main(String[] arguments) {
        CommandLine command = CommandLine.of(arguments);
        if (command.answer() != null) {
            (command.isValid() ? System.out : System.err).println(command.answer());
            System.exit(command.isValid() ? 0 : NOT_DONE);
        }
        SpringApplication application = new SpringApplication(ColleagueSearch.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        application.setBannerMode(Banner.Mode.OFF);
        application.setLogStartupInfo(false);
        application.setKeepAlive(true);
        application.setDefaultProperties(command.properties());
        ConfigurableApplicationContext context;
        try {
            context = application.run(command.settings().toArray(String[]::new));
        } catch (RuntimeException e) {
            // StartProblems has said why.
            System.exit(NOT_DONE);
            return;
        }
        if (command.isOnce()) {
            Batch batch =
                    context.getBean(ProducerTemplate.class).requestBody("direct:index-all", "--once", Batch.class);
            System.exit(SpringApplication.exit(context, batch::exitCode));
        }
    }
}
