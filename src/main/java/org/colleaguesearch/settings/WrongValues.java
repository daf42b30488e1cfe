package org.colleaguesearch.settings;

import java.util.function.Consumer;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/** Reports a wrong value and continues as if it were not set, where Spring would stop. For one binding. */
final class WrongValues extends AbstractBindHandler {
    private final BindingProblems words;
    private final Consumer<SettingProblem> problems;
    private boolean isNone = true;

    WrongValues(BindingProblems words, Consumer<SettingProblem> problems) {
        this.words = words;
        this.problems = problems;
    }

    @Override
    public Object onFailure(ConfigurationPropertyName name, Bindable<?> target, BindContext context, Exception failure)
            throws Exception {
        if (context.getDepth() == 0) {
            // The failure of the whole record.
            throw failure;
        }
        isNone = false;
        words.of(name, target.getType(), context.getConfigurationProperty(), failure)
                .forEach(problems);
        return standIn(name, target.getType().resolve(Object.class));
    }

    /** To Spring, an unset item ends its list. Only lists of enums can have wrong items here. */
    private static Object standIn(ConfigurationPropertyName name, Class<?> type) {
        return name.isLastElementIndexed() && type.isEnum() ? type.getEnumConstants()[0] : null;
    }

    /** Whether no value was wrong so far. */
    boolean isNone() {
        return isNone;
    }
}
