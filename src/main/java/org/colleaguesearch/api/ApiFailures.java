package org.colleaguesearch.api;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeException;
import org.apache.camel.Processor;
import org.apache.camel.component.file.GenericFileOperationFailedException;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.hc.core5.http.impl.EnglishReasonPhraseCatalog;
import org.colleaguesearch.settings.Secret;
import org.colleaguesearch.settings.Settings;
import org.springframework.stereotype.Component;

/**
 * Says of a failed call whether it may be made again, when, and why it failed. Stateless.
 *
 * <p>As a Camel processor it is told of each failure, and sets the delay that the API asked for.
 */
@Component("apiFailures")
public class ApiFailures implements Processor {
    /** RFC 9110, section 15.4. */
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    private final Duration maxDelay;

    ApiFailures(Settings settings) {
        this.maxDelay = settings.api().retry().maxDelay();
    }

    /**
     * Whether a call that failed so may well succeed later: no connection, a time-out, a torn or malformed answer (a
     * torn one looks malformed), 5xx and 429. Not when the API asks for a longer pause than {@code max-delay}.
     */
    public boolean isPassing(@ExchangeException Exception failure) {
        if (failure instanceof HttpOperationFailedException answer) {
            boolean passing = answer.getStatusCode() >= 500 || answer.getStatusCode() == 429;
            return passing && retryAfter(answer).orElse(Duration.ZERO).compareTo(maxDelay) <= 0;
        }
        return failure instanceof IOException && !isLasting(failure);
    }

    /**
     * Whether a failed call says that its host fails: no connection, a time-out, a torn answer, no access token, 5xx.
     * Not 429, which says when to come again.
     *
     * @param failure null for none
     */
    static boolean isOfHost(Exception failure) {
        if (failure instanceof HttpOperationFailedException answer) {
            return answer.getStatusCode() >= 500;
        }
        return failure instanceof IOException && !isLasting(failure) && !(failure instanceof JacksonException);
    }

    private static boolean isLasting(Exception failure) {
        return failure instanceof LastingFailure || failure instanceof ForbiddenAddress;
    }

    /**
     * Whether a call that is no failure of the host had its answer, good or bad, and so shows that the host is well.
     *
     * @param failure null for none
     */
    static boolean isAnswer(Exception failure) {
        return failure == null
                || failure instanceof HttpOperationFailedException
                || failure instanceof JacksonException;
    }

    /** Honours {@code Retry-After}: Camel takes the next delay from this header, in milliseconds. */
    @Override
    public void process(Exchange exchange) {
        Exception failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        if (failure instanceof HttpOperationFailedException answer) {
            retryAfter(answer)
                    .ifPresent(delay -> exchange.getMessage().setHeader(Exchange.REDELIVERY_DELAY, delay.toMillis()));
        }
    }

    /** The pause the answer asks for (RFC 9110, section 10.2.3: seconds or a date), never negative. */
    static Optional<Duration> retryAfter(HttpOperationFailedException answer) {
        return Optional.ofNullable(answer.getResponseHeaders()).stream()
                .flatMap(headers -> headers.entrySet().stream())
                .filter(header -> header.getKey().equalsIgnoreCase("retry-after"))
                .map(Map.Entry::getValue)
                .map(String::strip)
                .findFirst()
                .flatMap(ApiFailures::pause);
    }

    private static Optional<Duration> pause(String value) {
        try {
            Duration pause = value.matches("\\d{1,9}")
                    ? Duration.ofSeconds(Long.parseLong(value))
                    : Duration.between(Instant.now(), ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME));
            return Optional.of(pause.isNegative() ? Duration.ZERO : pause);
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** Why a call failed, in one line without what the API answered, which may hold anything. */
    public static String reason(Throwable failure) {
        return switch (failure) {
            case HttpOperationFailedException answer -> httpReason(answer);
            case JsonQueryException query -> "the section cannot be taken from the answer: check 'section'";
            // Jackson's own messages quote the answer.
            case JsonEOFException cut -> "the answer is cut off";
            case JacksonException json -> "the answer is not JSON";
            case SocketTimeoutException timeout -> "timed out: " + firstLine(timeout.getMessage());
            case ConnectException refused -> "cannot connect: " + firstLine(refused.getMessage());
            case GenericFileOperationFailedException file ->
                firstLine(file.getMessage())
                        + (file.getCause() == null
                                ? ""
                                : ": " + firstLine(file.getCause().getMessage()));
            case ForbiddenAddress forbidden -> forbidden.getMessage();
            case UnknownHostException unknown -> "unknown host: " + firstLine(unknown.getMessage());
            default -> otherReason(failure);
        };
    }

    /**
     * Names the URL that failed, where the caller would not know it.
     *
     * @throws Exception always: a pause as it is, any other failure with its URL, without secrets
     */
    public void throwWithUrl(String url, Exception failure) throws Exception {
        if (failure instanceof PausedException) {
            throw failure;
        }
        throw new LastingFailure(Secret.hiddenIn(url) + ": " + reason(failure), failure);
    }

    private static String otherReason(Throwable failure) {
        if (failure.getClass().getName().startsWith("org.colleaguesearch.")) {
            // Ours say what a person can do about them.
            return failure.getMessage();
        }
        return failure.getCause() != null && !(failure instanceof IOException)
                ? reason(failure.getCause())
                : failure.getClass().getSimpleName() + ": " + firstLine(failure.getMessage());
    }

    private static String httpReason(HttpOperationFailedException answer) {
        String phrase = answer.getStatusCode() >= 100 && answer.getStatusCode() < 600
                ? EnglishReasonPhraseCatalog.INSTANCE.getReason(answer.getStatusCode(), null)
                : null;
        String pause = retryAfter(answer)
                .map(p -> ", asks to wait " + p.toSeconds() + " s")
                .orElse("");
        String redirect = REDIRECTS.contains(answer.getStatusCode()) ? ", a redirect, which is not followed" : "";
        return "HTTP " + answer.getStatusCode() + (phrase == null ? "" : " " + phrase) + redirect + pause;
    }

    /** The HTTP status of the answer that failed, or null where there was none. */
    public static Integer status(Throwable failure) {
        return failure instanceof HttpOperationFailedException answer ? answer.getStatusCode() : null;
    }

    /** The first line of a message, cut where it is too long for one; empty for none. */
    public static String firstLine(String message) {
        String line = message == null ? "" : message.lines().findFirst().orElse("");
        return line.length() > 300 ? line.substring(0, 300) + "…" : line;
    }
}
