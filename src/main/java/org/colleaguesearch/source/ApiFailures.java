package org.colleaguesearch.source;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
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
import org.colleaguesearch.failure.PausedException;
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

    /** Statuses that say the call came at a bad time: Accepted, Request Timeout, Too Early, Too Many Requests. */
    private static final Set<Integer> OF_TIME = Set.of(202, 408, 425, 429);

    private static final BigDecimal LONGEST_PAUSE = BigDecimal.valueOf(Integer.MAX_VALUE);

    private final Duration maxDelay;

    ApiFailures(Settings settings) {
        this.maxDelay = settings.api().retry().maxDelay();
    }

    /**
     * Whether a call that failed so may well succeed later: no connection, a time-out, a torn or malformed answer (a
     * torn one looks malformed), 5xx, 408, 425, 429, and 202, which says that the answer is still being made. Not when
     * the API asks for a longer pause than {@code max-delay}.
     */
    public boolean isTransient(@ExchangeException Exception failure) {
        if (failure instanceof HttpOperationFailedException answer) {
            boolean isOfServer = answer.getStatusCode() >= 500 || OF_TIME.contains(answer.getStatusCode());
            return isOfServer && retryAfter(answer).orElse(Duration.ZERO).compareTo(maxDelay) <= 0;
        }
        return failure instanceof IOException && !isPermanent(failure);
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
        return failure instanceof IOException && !isPermanent(failure) && !(failure instanceof JacksonException);
    }

    private static boolean isPermanent(Exception failure) {
        return failure instanceof PermanentFailure
                || failure instanceof ForbiddenAddress
                || failure instanceof UnreadableAnswer;
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

    /** The pause the answer asks for (RFC 9110, section 10.2.3: seconds, also parts of one, or a date), never negative. */
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
        if (value.matches("\\d+(\\.\\d+)?")) {
            BigDecimal seconds = new BigDecimal(value).min(LONGEST_PAUSE);
            // Rounded up, since to come early is to be refused again.
            return Optional.of(Duration.ofMillis(
                    seconds.movePointRight(3).setScale(0, RoundingMode.CEILING).longValueExact()));
        }
        return dates().stream()
                .flatMap(form -> instant(value, form).stream())
                .findFirst()
                .map(instant -> Duration.between(Instant.now(), instant))
                .map(pause -> pause.isNegative() ? Duration.ZERO : pause);
    }

    /** The three forms of RFC 9110, section 5.6.7; a year of two digits is at most 50 years away. */
    private static List<DateTimeFormatter> dates() {
        return List.of(
                DateTimeFormatter.RFC_1123_DATE_TIME,
                date("EEEE, dd-MMM-")
                        .appendValueReduced(
                                ChronoField.YEAR,
                                2,
                                2,
                                LocalDate.now(ZoneOffset.UTC).minusYears(49))
                        .appendPattern(" HH:mm:ss zzz")
                        .toFormatter(Locale.ENGLISH),
                date("EEE MMM d HH:mm:ss yyyy").toFormatter(Locale.ENGLISH).withZone(ZoneOffset.UTC));
    }

    private static Optional<Instant> instant(String value, DateTimeFormatter form) {
        try {
            // The day of an asctime date is padded with a space.
            return Optional.of(form.parse(value.replaceAll(" +", " "), Instant::from));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static DateTimeFormatterBuilder date(String pattern) {
        return new DateTimeFormatterBuilder().parseCaseInsensitive().appendPattern(pattern);
    }

    /** Why a call failed, in one line without what the API answered, which may hold anything. */
    public static String reason(Throwable failure) {
        return switch (failure) {
            case HttpOperationFailedException answer -> httpReason(answer);
            case JsonQueryException query -> "the section cannot be taken from the answer: check 'section'";
            case UnreadableAnswer unreadable -> unreadable.getOriginalMessage();
            // Jackson's own messages quote the answer.
            case JsonEOFException cut -> "the answer is cut off";
            case JacksonException json ->
                JsonAnswers.EMPTY.equals(json.getOriginalMessage()) ? JsonAnswers.EMPTY : "the answer is not JSON";
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
        throw new PermanentFailure(Secret.hiddenIn(url) + ": " + reason(failure), failure);
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
                .map(p -> ", asks to wait " + seconds(p) + " s")
                .orElse("");
        return "HTTP " + answer.getStatusCode()
                + (phrase == null ? "" : " " + phrase)
                + meaning(answer.getStatusCode())
                + pause;
    }

    private static String seconds(Duration pause) {
        return BigDecimal.valueOf(pause.toMillis(), 3).stripTrailingZeros().toPlainString();
    }

    /** What a status that looks like a success says of the answer; nothing for others, whose phrase says it. */
    private static String meaning(int status) {
        return switch (status) {
            case 202 -> ": the answer is not ready yet";
            case 204, 205 -> ": there is no answer";
            case 206 -> ": the answer is only a part of what the URL has";
            default ->
                REDIRECTS.contains(status)
                        ? ", a redirect, which is not followed"
                        : status >= 200 && status < 300 ? ": not the answer of the URL, which comes with 200" : "";
        };
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
