package org.colleaguesearch.settings;

import java.util.function.Consumer;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/** Says what is wrong with a value and goes on as if it were not set, where Spring would end. For one binding. */
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
            // What is said of the whole.
            throw failure;
        }
        isNone = false;
        words.of(name, target.getType(), context.getConfigurationProperty(), failure)
                .forEach(problems);
        return standIn(name, target.getType().resolve(Object.class));
    }

    /** Spring takes an item that is not set for the end of its list. Of ours, those of choices can have wrong ones. */
    private static Object standIn(ConfigurationPropertyName name, Class<?> type) {
        return name.isLastElementIndexed() && type.isEnum() ? type.getEnumConstants()[0] : null;
    }

    /** Whether none was wrong so far. */
    boolean isNone() {
        return isNone;
    }
}
