package org.colleaguesearch.settings;

import java.util.List;

/** A start with settings that are wrong. */
public final class WrongSettings extends RuntimeException {
    private final transient List<SettingProblem> problems;

    public WrongSettings(List<SettingProblem> problems) {
        super(problems.size() + " of the settings wrong");
        this.problems = List.copyOf(problems);
    }

    public List<SettingProblem> problems() {
        return problems;
    }
}
