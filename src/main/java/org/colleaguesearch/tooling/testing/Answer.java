package org.colleaguesearch.tooling.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.util.ClassUtils;

/**
 * What a step answers in place of what it would call.
 *
 * @param onlyFor a text that is in the URL or the body of the calls that get it; null: all
 * @param status of an HTTP answer, or null
 * @param body null: none is said
 * @param failure null: it does not fail
 */
record Answer(
        String onlyFor,
        Integer status,
        Map<String, String> headers,
        JsonNode body,
        Constructor<? extends Exception> failure,
        String message,
        Duration delay) {
    static Answer of(Part yaml) {
        Map<String, String> headers = new LinkedHashMap<>();
        yaml.get("headers").fields().forEach(header -> headers.put(header.key(), header.text()));
        return new Answer(
                yaml.get("for").text(),
                yaml.has("status") ? yaml.get("status").value().intValue() : null,
                headers,
                Body.isIn(yaml) ? Body.read(yaml) : null,
                yaml.has("fails") ? exception(yaml.get("fails")) : null,
                yaml.has("message") ? yaml.get("message").text() : "as the test says",
                yaml.has("delay") ? DurationStyle.SIMPLE.parse(yaml.get("delay").text()) : Duration.ZERO);
    }

    /**
     * Finds an exception.
     *
     * @throws UnreadableTest when there is none of this name, or it is not made of a message
     */
    static Constructor<? extends Exception> exception(Part name) {
        try {
            Class<? extends Exception> type = ClassUtils.forName(name.text(), Answer.class.getClassLoader())
                    .asSubclass(Exception.class);
            if (Modifier.isAbstract(type.getModifiers())) {
                throw name.wrong(name.text() + " is abstract: write one of those that it is for");
            }
            Constructor<? extends Exception> constructor = type.getDeclaredConstructor(String.class);
            constructor.setAccessible(true);
            return constructor;
        } catch (ReflectiveOperationException | ClassCastException | LinkageError e) {
            throw name.wrong("there is no exception " + name.text()
                    + " that is made of a message: write the whole name, such as java.io.IOException");
        }
    }

    boolean isFor(String call) {
        return onlyFor == null || call.contains(onlyFor);
    }

    /** Whether it is an answer to an HTTP call that a step makes, and not one of the step itself. */
    boolean isOfHttp(boolean isHttpStep) {
        return failure == null && (status != null || isHttpStep);
    }

    void await() throws InterruptedException {
        Thread.sleep(delay);
    }

    /** Takes the place of a step. */
    void give(Exchange exchange) {
        try {
            await();
            if (failure != null) {
                throw failure.newInstance(message);
            }
            headers.forEach(exchange.getMessage()::setHeader);
            if (body != null) {
                exchange.getMessage().setBody(value(body));
            }
        } catch (Exception e) {
            exchange.setException(e);
        }
    }

    /** What a step gets that has this as its body. */
    static Object value(JsonNode body) {
        return body.isTextual() ? body.textValue() : body.isNull() ? null : body.deepCopy();
    }
}
