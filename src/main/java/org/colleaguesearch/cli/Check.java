package org.colleaguesearch.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.colleaguesearch.settings.FormerSettings;
import org.colleaguesearch.settings.RouteFolders;
import org.colleaguesearch.settings.SettingProblem;
import org.colleaguesearch.tooling.check.CheckResult;
import org.colleaguesearch.tooling.check.CheckedSettings;
import org.colleaguesearch.tooling.check.RouteCheck;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * Prints the problems of the settings and route files. Starts no route and writes nothing, but creates the beans that
 * the files declare, so their code runs.
 *
 * @param settings {@code --key=value}
 */
record Check(List<String> settings) {
    private static final Path HERE = Path.of("");

    /**
     * Checks the named route files, those in the named folders, and the named jq programs together with the route files
     * that use them. Without names, checks the settings and all route files.
     *
     * @return the exit code
     * @throws IllegalArgumentException when a name leads to no route file
     */
    int run(List<Path> names) {
        ConfigurableEnvironment environment;
        try {
            environment = environment();
        } catch (RuntimeException e) {
            // A setting decides which files are route files.
            List<String> unreadable = new StartProblems(null).lines(e);
            unreadable.forEach(System.out::println);
            System.out.println(counted(unreadable.size()) + "; the route files were not checked");
            return 1;
        }
        RouteCheck check = RouteCheck.of(environment);
        List<Path> all = check.files(HERE);
        List<Path> asked = names.stream()
                .flatMap(name -> named(name.toAbsolutePath().normalize(), all))
                .distinct()
                .toList();
        CheckResult result =
                names.isEmpty() ? new CheckResult(check.check(HERE), all.size()) : check.check(HERE, asked);
        List<SettingProblem> wrong = names.isEmpty() ? CheckedSettings.problems(environment) : List.of();
        wrong.forEach(System.out::println);
        result.problems().forEach(System.out::println);
        System.out.println((wrong.isEmpty() ? "" : counted(wrong.size()) + "; ") + result.summary());
        return result.isGood() && wrong.isEmpty() ? 0 : 1;
    }

    /** All tests of the route files; their folder, if the settings that name others cannot be read or there are no tests. */
    List<Path> tests() {
        List<Path> tests;
        try {
            tests = RouteCheck.of(environment()).tests(HERE);
        } catch (RuntimeException e) {
            // The start of the tests reports it.
            tests = List.of();
        }
        return tests.isEmpty() ? List.of(RouteFolders.SHIPPED) : tests;
    }

    /** The environment that the application would read. */
    ConfigurableEnvironment environment() {
        ConfigurableEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new SimpleCommandLinePropertySource(settings.toArray(String[]::new)));
        environment.setConversionService(new ApplicationConversionService());
        ConfigurationPropertySources.attach(environment);
        ConfigDataEnvironmentPostProcessor.applyTo(environment);
        FormerSettings.rename(environment).forEach(System.err::println);
        new RouteFolders().postProcessEnvironment(environment, null);
        return environment;
    }

    private static Stream<Path> named(Path asked, List<Path> all) {
        Path name = HERE.toAbsolutePath().relativize(asked);
        boolean isProgram = name.toString().endsWith(".jq");
        List<Path> found = all.stream()
                .filter(file ->
                        isProgram ? uses(file, name) : file.toAbsolutePath().startsWith(asked))
                .toList();
        if (found.isEmpty()) {
            throw new IllegalArgumentException(name
                    + " is not a route file, a folder of route files or a .jq file used by one; expected, for example, "
                    + (all.isEmpty() ? "routes/a.camel.yaml" : all.get(0)));
        }
        return isProgram ? Stream.concat(Stream.of(name), found.stream()) : found.stream();
    }

    private static boolean uses(Path file, Path program) {
        try {
            return Files.readString(file).contains("resource:file:" + program);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String counted(int wrong) {
        return wrong + (wrong == 1 ? " invalid setting" : " invalid settings");
    }
}
