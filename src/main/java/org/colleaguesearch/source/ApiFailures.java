package org.colleaguesearch.source;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
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
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Processor;
import org.apache.camel.component.file.GenericFileOperationFailedException;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.hc.client5.http.ClientProtocolException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.TruncatedChunkException;
import org.apache.hc.core5.http.impl.EnglishReasonPhraseCatalog;
import org.colleaguesearch.failure.PausedException;
import org.colleaguesearch.settings.Secret;
import org.springframework.stereotype.Component;

/**
 * Decides whether and when a failed call may be retried, and gives the reason for the failure. Stateless.
 *
 * <p>As a Camel processor it runs on each failure and sets the delay that the API asked for.
 */
@Component("apiFailures")
public class ApiFailures implements Processor {
    /** RFC 9110, section 15.4. */
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    /** Transient statuses below 500: Accepted, Request Timeout, Too Early, Too Many Requests. */
    private static final Set<Integer> TRANSIENT_STATUSES = Set.of(202, 408, 425, 429);

    private static final String INVALID = "the response is not valid HTTP";

    private static final BigDecimal LONGEST_PAUSE = BigDecimal.valueOf(Integer.MAX_VALUE);

    private final Apis apis;

    ApiFailures(Apis apis) {
        this.apis = apis;
    }

    /**
     * Checks that a response which says that nothing has changed was asked for.
     *
     * @throws PermanentFailure when the request named no version that is known
     */
    public void checkAsked(Exchange call) throws PermanentFailure {
        if (!CallState.of(call).request().isConditional()) {
            throw new PermanentFailure("HTTP 304 Not Modified, but no version of the response is known");
        }
    }

    /**
     * Whether a retry may succeed: no connection, a time-out, a truncated or malformed response (a truncated one looks
     * malformed), 5xx, 408, 425, 429, and 202, which means that the response is not ready yet. Not when the API asks
     * for a longer delay than {@code max-delay}. A request that is not idempotent is retried only if it has no effect yet.
     *
     * @param failure by its property: {@code @ExchangeException} would be the failure of an earlier attempt, which Camel
     *     adds to this one as suppressed
     */
    public boolean isTransient(Exchange call, @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception failure) {
        if (!CallState.of(call).request().isIdempotent() && !isUnsent(failure)) {
            return false;
        }
        if (failure instanceof HttpOperationFailedException response) {
            boolean isOfServer =
                    response.getStatusCode() >= 500 || TRANSIENT_STATUSES.contains(response.getStatusCode());
            Duration longest = apis.settings(CallState.of(call).api()).retry().maxDelay();
            return isOfServer && retryAfter(response).orElse(Duration.ZERO).compareTo(longest) <= 0;
        }
        return failure instanceof IOException && !isPermanent(failure);
    }

    /**
     * Whether the failure means that the host is failing: no connection, a time-out, a truncated response, no access
     * token, 5xx. Not 429, which says when to retry.
     *
     * @param failure null for none
     */
    static boolean isOfHost(Exception failure) {
        if (failure instanceof HttpOperationFailedException response) {
            return response.getStatusCode() >= 500;
        }
        return failure instanceof IOException && !isPermanent(failure) && !(failure instanceof JacksonException);
    }

    /** Whether the API cannot have seen the call, or says that it has not handled it. */
    static boolean isUnsent(Exception failure) {
        return failure instanceof ConnectException
                || failure instanceof ConnectTimeoutException
                || failure instanceof NoRouteToHostException
                || failure instanceof UnknownHostException
                || failure instanceof TokenUnavailable
                || (failure instanceof HttpOperationFailedException response
                        && (response.getStatusCode() == 429 || response.getStatusCode() == 503));
    }

    private static boolean isPermanent(Exception failure) {
        return failure instanceof PermanentFailure
                || failure instanceof ForbiddenAddress
                || failure instanceof UnreadableResponse;
    }

    /**
     * Whether a call without a failure of the host got a response, good or bad, and so shows that the host is well.
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
        if (failure instanceof HttpOperationFailedException response) {
            retryAfter(response)
                    .ifPresent(delay -> exchange.getMessage().setHeader(Exchange.REDELIVERY_DELAY, delay.toMillis()));
        }
    }

    /**
     * The delay that the response asks for (RFC 9110, section 10.2.3: seconds, here with an optional fraction, or a
     * date), never negative.
     */
    static Optional<Duration> retryAfter(HttpOperationFailedException response) {
        return Optional.ofNullable(response.getResponseHeaders()).stream()
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
            // Rounded up: a retry that comes early is refused again.
            return Optional.of(Duration.ofMillis(
                    seconds.movePointRight(3).setScale(0, RoundingMode.CEILING).longValueExact()));
        }
        return dates().stream()
                .flatMap(form -> instant(value, form).stream())
                .findFirst()
                .map(instant -> Duration.between(Instant.now(), instant))
                .map(pause -> pause.isNegative() ? Duration.ZERO : pause);
    }

    /** The three date formats of RFC 9110, section 5.6.7; a two-digit year is at most 50 years away. */
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

    /** The reason for a failed call in one line, without the response, which may contain anything. */
    public static String reason(Throwable failure) {
        return switch (failure) {
            case HttpOperationFailedException response -> httpReason(response);
            case JsonQueryException query -> "cannot extract the section from the response: check 'section'";
            case UnreadableResponse unreadable -> unreadable.getOriginalMessage();
            // The messages of these and of Jackson quote the response.
            case ClientProtocolException malformed -> INVALID;
            case TruncatedChunkException cut -> otherReason(cut);
            case MalformedChunkCodingException malformed -> INVALID;
            case JsonEOFException cut -> "the response is truncated";
            case JacksonException json ->
                JsonResponses.EMPTY.equals(json.getOriginalMessage())
                        ? JsonResponses.EMPTY
                        : "the response is not JSON";
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
     * Adds the URL to a failure, for callers that would not know it.
     *
     * @throws Exception always: a pause unchanged, any other failure with its URL, without secrets
     */
    public void throwWithUrl(String url, Exception failure) throws Exception {
        if (failure instanceof PausedException) {
            throw failure;
        }
        throw new PermanentFailure(Secret.hiddenIn(url) + ": " + reason(failure), failure);
    }

    private static String otherReason(Throwable failure) {
        if (failure.getClass().getName().startsWith("org.colleaguesearch.")) {
            // Our own messages say what to do.
            return failure.getMessage();
        }
        return failure.getCause() != null && !(failure instanceof IOException)
                ? reason(failure.getCause())
                : failure.getClass().getSimpleName() + ": " + firstLine(failure.getMessage());
    }

    private static String httpReason(HttpOperationFailedException response) {
        String phrase = response.getStatusCode() >= 100 && response.getStatusCode() < 600
                ? EnglishReasonPhraseCatalog.INSTANCE.getReason(response.getStatusCode(), null)
                : null;
        String pause = retryAfter(response)
                .map(p -> ", retry after " + seconds(p) + " s")
                .orElse("");
        return "HTTP " + response.getStatusCode()
                + (phrase == null ? "" : " " + phrase)
                + meaning(response.getStatusCode())
                + pause;
    }

    private static String seconds(Duration pause) {
        return BigDecimal.valueOf(pause.toMillis(), 3).stripTrailingZeros().toPlainString();
    }

    /** Explains a status whose reason phrase is not enough; empty for others. */
    private static String meaning(int status) {
        return switch (status) {
            case 202 -> ": the response is not ready yet";
            case 204, 205 -> ": the response is empty";
            case 206 -> ": the response is incomplete";
            default ->
                REDIRECTS.contains(status)
                        ? ": redirects are not followed"
                        : status >= 200 && status < 300 ? ": expected status 200" : "";
        };
    }

    /** The HTTP status of the failed call, or null without a response. */
    public static Integer status(Throwable failure) {
        return failure instanceof HttpOperationFailedException response ? response.getStatusCode() : null;
    }

    /** The first line of a message, cut to 300 characters; empty for null. */
    public static String firstLine(String message) {
        String line = message == null ? "" : message.lines().findFirst().orElse("");
        return line.length() > 300 ? line.substring(0, 300) + "…" : line;
    }
}
