package org.colleaguesearch.settings;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.net.URI;

/** An {@code http} or {@code https} URL with a host and without credentials, query or fragment; null is valid. */
@Target({ElementType.FIELD, ElementType.PARAMETER, ElementType.RECORD_COMPONENT})
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = HttpUrl.Check.class)
@interface HttpUrl {
    String message() default "must be an http:// or https:// URL with a host, and no user, query or fragment";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};

    /** Stateless. */
    final class Check implements ConstraintValidator<HttpUrl, URI> {
        @Override
        public boolean isValid(URI url, ConstraintValidatorContext context) {
            return url == null
                    || (("http".equals(url.getScheme()) || "https".equals(url.getScheme()))
                            && url.getHost() != null
                            && url.getRawUserInfo() == null
                            && url.getRawQuery() == null
                            && url.getRawFragment() == null);
        }
    }
}
