package org.colleaguesearch.settings;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.text.ParseException;
import java.time.Instant;
import java.time.ZoneOffset;

/** A Quartz cron expression that has a time to come; null is valid. */
@Target({ElementType.FIELD, ElementType.PARAMETER, ElementType.RECORD_COMPONENT})
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = Cron.Check.class)
@interface Cron {
    String message() default "must be a Quartz cron expression, such as \"0 0 2 * * ?\" for two o'clock every night";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};

    /** Stateless. */
    final class Check implements ConstraintValidator<Cron, String> {
        @Override
        public boolean isValid(String expression, ConstraintValidatorContext context) {
            try {
                if (expression == null
                        || CronTimes.of(expression, ZoneOffset.UTC)
                                .after(Instant.now())
                                .isPresent()) {
                    return true;
                }
                context.disableDefaultConstraintViolation();
                context.buildConstraintViolationWithTemplate(
                                "never fires: no matching date in the future; check the day, month and year")
                        .addConstraintViolation();
                return false;
            } catch (ParseException e) {
                return false;
            }
        }
    }
}
