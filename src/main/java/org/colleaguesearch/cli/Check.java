package org.colleaguesearch.cli;

import java.nio.file.Path;
import java.util.List;
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
 * The command that says what is wrong with settings and route files. It starts no route and writes nothing, but makes the
 * beans that the files declare, and so runs their code.
 */
final class Check {
    private static final Path HERE = Path.of("");

    private Check() {}

    /**
     * Prints what is wrong, and returns the exit code.
     *
     * @throws WrongUsage when a file is none that is looked at
     */
    static int run(CommandLine line) {
        ConfigurableEnvironment environment;
        try {
            environment = environment(line);
        } catch (RuntimeException e) {
            // Which files are route files is one of the settings.
            List<String> unreadable = new StartProblems(null).lines(e);
            unreadable.forEach(System.out::println);
            System.out.println(unreadable.size() + " of the settings wrong; the route files were not looked at");
            return 1;
        }
        RouteCheck check = RouteCheck.of(environment);
        AskedFiles asked = AskedFiles.of(line.operands(), check.files(HERE));
        CheckResult verdict = asked.isAll()
                ? new CheckResult(check.check(HERE), asked.files().size())
                : check.check(HERE, asked.files());
        // Wrong ones are no problem of these files.
        List<SettingProblem> settings = asked.isAll() ? CheckedSettings.problems(environment) : List.of();
        settings.forEach(System.out::println);
        verdict.problems().forEach(System.out::println);
        System.out.println(
                (settings.isEmpty() ? "" : settings.size() + " of the settings wrong; ") + verdict.summary());
        return verdict.isGood() && settings.isEmpty() ? 0 : 1;
    }

    /** The settings as the application would read them. */
    static ConfigurableEnvironment environment(CommandLine line) {
        ConfigurableEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new SimpleCommandLinePropertySource(line.arguments()));
        environment.setConversionService(new ApplicationConversionService());
        ConfigurationPropertySources.attach(environment);
        ConfigDataEnvironmentPostProcessor.applyTo(environment);
        return environment;
    }
}
