package org.colleaguesearch.settings;

import org.springframework.boot.context.properties.ConfigurationProperties;
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

/** Binds records of settings as Spring does when it makes beans of them. Immutable. */
record ValidBinding(Binder binder) {
    /**
     * A record that is valid.
     *
     * @throws org.springframework.boot.context.properties.bind.BindException with all that is not
     */
    <T> T bind(Class<T> type) {
        try (LocalValidatorFactoryBean validator = new LocalValidatorFactoryBean()) {
            validator.setMessageInterpolator(new MessageInterpolatorFactory().getObject());
            validator.afterPropertiesSet();
            return bind(type, new ValidationBindHandler(new WholeOf(type, validator)));
        }
    }

    /** The same, invalid or not, where nothing may be set that is not in the record. */
    <T> T bindAll(Class<T> type) {
        return bind(type, new NoUnboundElementsBindHandler(BindHandler.DEFAULT, new UnboundElementsSourceFilter()));
    }

    private <T> T bind(Class<T> type, BindHandler handler) {
        return binder.bindOrCreate(
                type.getAnnotation(ConfigurationProperties.class).prefix(), Bindable.of(type), handler);
    }

    /** Validates what is of a type with all that is in it, where each part by itself would end with the first problem. */
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
