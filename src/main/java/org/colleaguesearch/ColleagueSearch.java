package org.colleaguesearch;

import org.colleaguesearch.cli.Cli;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.autoconfigure.jms.JmsAutoConfiguration;
import org.springframework.boot.autoconfigure.jms.artemis.ArtemisAutoConfiguration;
import org.springframework.boot.autoconfigure.security.servlet.UserDetailsServiceAutoConfiguration;
import org.springframework.boot.autoconfigure.web.servlet.MultipartAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/**
 * Starts Colleague Search, as a service or for one batch. Spring's support for user passwords and file uploads is off,
 * because the application has neither.
 */
@SpringBootApplication(
        exclude = {
            UserDetailsServiceAutoConfiguration.class,
            MultipartAutoConfiguration.class,
            ArtemisAutoConfiguration.class,
            JmsAutoConfiguration.class
        })
@ConfigurationPropertiesScan
public class ColleagueSearch {
    public static void main(String[] arguments) {
        Cli.main(arguments);
    }
}
