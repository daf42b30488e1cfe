package org.colleaguesearch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.colleaguesearch.check.RouteCheck;
import org.colleaguesearch.check.Verdict;
import org.colleaguesearch.settings.Pools;
import org.colleaguesearch.settings.Settings;
import org.colleaguesearch.yaml.Problem;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.OriginProvider;
import org.springframework.boot.origin.TextResourceOrigin;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.core.env.StandardEnvironment;

/** The command that says what is wrong with settings and route files. It starts nothing and writes nothing. */
final class Check {
    private static final Path HERE = Path.of("");

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties({Settings.class, Pools.class})
    static class OnlyTheSettings {}

    private Check() {}

    /**
     * Prints what is wrong, and returns the exit code.
     *
     * @throws WrongUsage when a file is none of the route files
     */
    static int run(CommandLine line) {
        ConfigurableEnvironment environment = new StandardEnvironment();
        List<String> wrongSettings = wrongSettings(line, environment);
        RouteCheck check = RouteCheck.of(environment);
        List<Path> files = check.files(HERE);
        List<Path> only =
                line.operands().stream().map(file -> named(file, files)).toList();
        List<Problem> problems = only.isEmpty() ? check.check(HERE) : check.check(HERE, only);
        String summary = new Verdict(problems, only.isEmpty() ? files.size() : only.size()).summary();
        // Wrong ones are no problem of these files.
        List<String> settings = only.isEmpty() ? wrongSettings : List.of();
        settings.forEach(System.out::println);
        problems.forEach(System.out::println);
        System.out.println(settings.isEmpty() ? summary : settings.size() + " of the settings wrong; " + summary);
        return problems.isEmpty() && settings.isEmpty() ? 0 : 1;
    }

    /** As the application would read them, into an environment. */
    private static List<String> wrongSettings(CommandLine line, ConfigurableEnvironment environment) {
        environment.getPropertySources().addFirst(new SimpleCommandLinePropertySource(line.arguments()));
        environment.setConversionService(new ApplicationConversionService());
        ConfigurationPropertySources.attach(environment);
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            ConfigDataEnvironmentPostProcessor.applyTo(environment);
            context.setEnvironment(environment);
            context.register(OnlyTheSettings.class);
            context.refresh();
            return List.of();
        } catch (RuntimeException e) {
            return StartProblems.complaints(e, null).stream().map(Check::placed).toList();
        }
    }

    private static String placed(StartProblems.Complaint complaint) {
        Origin origin = complaint.origin() instanceof OriginProvider source ? source.getOrigin() : complaint.origin();
        if (origin instanceof TextResourceOrigin place && place.getLocation() != null) {
            try {
                Path file = place.getResource().getFile().toPath();
                return new Problem(
                                HERE.toAbsolutePath()
                                        .relativize(file.toAbsolutePath())
                                        .normalize(),
                                place.getLocation().getLine() + 1,
                                place.getLocation().getColumn() + 1,
                                complaint.text())
                        .toString();
            } catch (IOException e) {
                // In the jar, say: then it is named as Spring names it.
                return complaint.toString();
            }
        }
        return complaint.toString();
    }

    private static Path named(String file, List<Path> files) {
        Path here = HERE.toAbsolutePath();
        Path name = here.relativize(here.resolve(file)).normalize();
        if (!files.contains(name)) {
            throw new WrongUsage("--check takes route files, and %s is none: give one such as %s"
                    .formatted(file, files.isEmpty() ? "routes/a.camel.yaml" : files.get(0)));
        }
        return name;
    }
}
