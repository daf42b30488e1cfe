package org.colleaguesearch.settings;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.time.Instant;
import java.time.ZoneId;

/** A time zone that Quartz can take: an offset has no seconds; null is valid. */
@Target({ElementType.FIELD, ElementType.PARAMETER, ElementType.RECORD_COMPONENT})
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = WholeMinutes.Check.class)
@interface WholeMinutes {
    String message() default
            "must be a time zone such as Europe/Stockholm or UTC, or an offset in minutes such as +02:00";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};

    /** Stateless. */
    final class Check implements ConstraintValidator<WholeMinutes, ZoneId> {
        @Override
        public boolean isValid(ZoneId zone, ConstraintValidatorContext context) {
            return zone == null
                    || !zone.getRules().isFixedOffset()
                    || zone.getRules().getOffset(Instant.EPOCH).getTotalSeconds() % 60 == 0;
        }
    }
}
