package org.colleaguesearch.tooling.check;

import java.util.ArrayList;
import java.util.List;
import org.colleaguesearch.settings.SettingProblem;
import org.colleaguesearch.settings.SettingsCheck;
import org.colleaguesearch.settings.WrongSettings;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;

/** Stops a start with invalid settings before anything else starts. */
public final class CheckedSettings implements ApplicationContextInitializer<ConfigurableApplicationContext> {
    @Override
    public void initialize(ConfigurableApplicationContext context) {
        List<SettingProblem> problems = problems(context.getEnvironment());
        if (!problems.isEmpty()) {
            throw new WrongSettings(problems);
        }
    }

    /** All problems of the settings of an environment with attached property sources, sorted. */
    public static List<SettingProblem> problems(ConfigurableEnvironment environment) {
        SettingsCheck check = SettingsCheck.of(environment);
        List<SettingProblem> problems = new ArrayList<>(check.problems());
        check.settings()
                .ifPresent(settings -> problems.addAll(new NamedInSettings(settings, check.given()).problems()));
        return problems.stream().sorted().toList();
    }
}
