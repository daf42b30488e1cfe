package org.colleaguesearch.indexing;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.colleaguesearch.people.Person;
import org.colleaguesearch.settings.ShippedSettings;
import org.colleaguesearch.source.Apis;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallsTest {
    private static final String BASE = "https://api.example.org/hr";

    private final Calls calls = new Calls(new Apis(ShippedSettings.with(), URI.create(BASE)));

    @Test
    void makesOneUrlAPersonInOrder() {
        Person ada = new Person("ada", "Ada");
        Person bob = new Person("bob", "Bob");

        assertThat(calls.urls(chunk(ada, bob, ada), "default", "/people/{id}/patents"))
                .containsExactly(
                        BASE + "/people/ada/patents", BASE + "/people/bob/patents", BASE + "/people/ada/patents");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a/b?c#d%2F.. | a%2Fb%3Fc%23d%252F..",
                "../x         | ..%2Fx",
                "a b+c        | a%20b%2Bc",
                "{name}{id}   | %7Bname%7D%7Bid%7D",
                "a;b=c&d@e:f  | a%3Bb%3Dc%26d%40e%3Af",
                "Zoë 東京 😀   | Zo%C3%AB%20%E6%9D%B1%E4%BA%AC%20%F0%9F%98%80",
            })
    void encodesIdsOfAnyText(String id, String encoded) {
        assertThat(url("/people/{id}/patents", new Person(id, ""))).isEqualTo(BASE + "/people/" + encoded + "/patents");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a/b?c#d%2F..",
                "../../admin",
                "//evil.example.com/",
                "https://evil.example.com/",
                "a\r\nX-Injected: 1",
                "tab\tnul\u0000quote\"'<>\\^`|",
                "%00%zz%",
                "Zoë 東京 😀",
                "${body}",
                "{{colleagues.schedule}}",
            })
    void keepsIdInsideItsOwnPathSegment(String id) {
        URI url = URI.create(url("/people/{id}/patents", new Person(id, "")));

        assertThat(url.getRawAuthority()).isEqualTo("api.example.org");
        assertThat(url.getRawQuery()).isNull();
        assertThat(url.getRawFragment()).isNull();
        String[] segments = url.getRawPath().split("/", -1);
        assertThat(segments).hasSize(5).startsWith("", "hr", "people").endsWith("patents");
        assertThat(URLDecoder.decode(segments[3].replace("+", "%2B"), StandardCharsets.UTF_8))
                .isEqualTo(id);
    }

    @Test
    void fillsInQueriesToo() {
        assertThat(url("/patents?inventor={id}&n={name}&exact=true", new Person("a&b=c", "Ada Löv & Co")))
                .isEqualTo(BASE + "/patents?inventor=a%26b%3Dc&n=Ada%20L%C3%B6v%20%26%20Co&exact=true");
    }

    private String url(String template, Person person) {
        return calls.urls(chunk(person), "default", template).get(0);
    }

    private static Chunk chunk(Person... people) {
        return new Chunk("batch", "patents", 1, List.of(people));
    }
}
