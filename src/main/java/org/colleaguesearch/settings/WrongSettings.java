package org.colleaguesearch.settings;

import java.util.List;

/** A start with invalid settings. */
public final class WrongSettings extends RuntimeException {
    private final transient List<SettingProblem> problems;

    public WrongSettings(List<SettingProblem> problems) {
        super(problems.size() + (problems.size() == 1 ? " invalid setting" : " invalid settings"));
        this.problems = List.copyOf(problems);
    }

    public List<SettingProblem> problems() {
        return problems;
    }
}
