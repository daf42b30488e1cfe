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
 * The simulated answer of a step, instead of the real call.
 *
 * @param onlyFor a text in the URL or body of the calls that get this answer; null: any call
 * @param status the status of an HTTP response, or null
 * @param body null: not given
 * @param failure null: does not fail
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
                yaml.has("message") ? yaml.get("message").text() : "simulated by the test",
                yaml.has("delay") ? DurationStyle.SIMPLE.parse(yaml.get("delay").text()) : Duration.ZERO);
    }

    /**
     * Finds the constructor of an exception.
     *
     * @throws UnreadableTest when there is no such class, or it has no constructor that takes a message
     */
    static Constructor<? extends Exception> exception(Part name) {
        try {
            Class<? extends Exception> type = ClassUtils.forName(name.text(), Answer.class.getClassLoader())
                    .asSubclass(Exception.class);
            if (Modifier.isAbstract(type.getModifiers())) {
                throw name.wrong(name.text() + " is abstract; use one of its subclasses");
            }
            Constructor<? extends Exception> constructor = type.getDeclaredConstructor(String.class);
            constructor.setAccessible(true);
            return constructor;
        } catch (ReflectiveOperationException | ClassCastException | LinkageError e) {
            throw name.wrong("unknown exception '" + name.text()
                    + "'; give the full name of a class with a (String message) constructor, such as"
                    + " java.io.IOException");
        }
    }

    boolean isFor(String call) {
        return onlyFor == null || call.contains(onlyFor);
    }

    /** Whether it answers an HTTP call that a step makes, rather than replacing the step. */
    boolean isOfHttp(boolean isHttpStep) {
        return failure == null && (status != null || isHttpStep);
    }

    void await() throws InterruptedException {
        Thread.sleep(delay);
    }

    /** Replaces a step. */
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

    /** The message body that this JSON stands for. */
    static Object value(JsonNode body) {
        return body.isTextual() ? body.textValue() : body.isNull() ? null : body.deepCopy();
    }
}
