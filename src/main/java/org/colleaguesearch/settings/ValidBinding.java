package org.colleaguesearch.settings;

import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.bind.validation.ValidationBindHandler;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.boot.validation.MessageInterpolatorFactory;
import org.springframework.validation.Errors;
import org.springframework.validation.Validator;
import org.springframework.validation.beanvalidation.LocalValidatorFactoryBean;

/** Binds settings records as Spring does when it creates their beans, and reports every problem. For one thread, which closes it. */
final class ValidBinding implements AutoCloseable {
    private final Binder binder;
    private final BindingProblems words;
    private final Consumer<SettingProblem> problems;

    /** Shared by all records, since it is slow to create. */
    private final LocalValidatorFactoryBean validator = new LocalValidatorFactoryBean();

    ValidBinding(Binder binder, BindingProblems words, Consumer<SettingProblem> problems) {
        this.binder = binder;
        this.words = words;
        this.problems = problems;
        validator.setMessageInterpolator(new MessageInterpolatorFactory().getObject());
        validator.afterPropertiesSet();
    }

    @Override
    public void close() {
        validator.close();
    }

    /** The record, if it is valid. Problems of single values are reported before those of the record. */
    <T> Optional<T> bind(Class<T> type) {
        return bind(type, values -> new ValidationBindHandler(values, new WholeOf(type, validator)));
    }

    /** Reports settings that the record does not have. */
    void bindAll(Class<?> type) {
        bind(type, values -> new NoUnboundElementsBindHandler(values, new UnboundElementsSourceFilter()));
    }

    private <T> Optional<T> bind(Class<T> type, UnaryOperator<BindHandler> around) {
        WrongValues values = new WrongValues(words, problems);
        try {
            T bound = binder.bindOrCreate(
                    type.getAnnotation(ConfigurationProperties.class).prefix(),
                    Bindable.of(type),
                    around.apply(values));
            return values.isNone() ? Optional.of(bound) : Optional.empty();
        } catch (BindException e) {
            words.all(e).forEach(problems);
            return Optional.empty();
        }
    }

    /** Validates the whole record once; validated part by part, it would stop at the first problem. */
    private record WholeOf(Class<?> type, Validator validator) implements Validator {
        @Override
        public boolean supports(Class<?> other) {
            return type.equals(other);
        }

        @Override
        public void validate(Object target, Errors errors) {
            validator.validate(target, errors);
        }
    }
}
