package org.colleaguesearch.people;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.colleaguesearch.settings.ShippedSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PeoplePagesTest {
    /** The shapes of ordinary APIs. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[{\"id\":\"a\",\"name\":\"A\"}] | items=. | next=null | null",
                "[] | items=. | next=null | null",
                "{\"items\":[{\"id\":\"a\",\"name\":\"A\"}],\"next\":\"/2\"} | items=.items[] | next=.next | /2",
                "{\"data\":{\"people\":[{\"id\":\"a\",\"name\":\"A\"}]},\"links\":{\"next\":\"\"}} | items=.data.people | next=.links.next | null",
                "{\"items\":[{\"id\":\"a\",\"name\":\"A\"}],\"more\":true,\"page\":1} | items=.items |"
                        + " next=if .more then \"/?page=\\(.page + 1)\" else null end | /?page=2",
                "{\"items\":[{\"id\":\"a\",\"name\":\"A\"}]} | items=.items | next=empty | null",
            })
    void readsTheListThatTheExpressionsTake(String response, String items, String next, String following) {
        PeoplePage page = read(response, items, next);

        assertThat(page.people()).hasSize(response.equals("[]") ? 0 : 1).allMatch(new Person("a", "A")::equals);
        assertThat(page.next()).isEqualTo(following.equals("null") ? null : following);
    }

    @Test
    void takesIdNameAndActiveByExpressionAndLeavesOutWhoeverIsNotActive() {
        PeoplePage page = read("""
                {"items":[
                 {"key":7,"first":"Ada","last":"L","left":null},
                 {"key":12345678901234567890,"first":"Bob","last":"M","left":"2020-01-01"},
                 {"key":9,"first":"Cy","last":"N"}]}""", "id=.key", "name=.first + \" \" + .last", "active=.left == null");

        assertThat(page.people()).containsExactly(new Person("7", "Ada L"), new Person("9", "Cy N"));
    }

    /** What came and what was expected, without personal data. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"data\":[],\"meta\":{}} | colleagues.people.items, .items, is null; expected a list. The response is an object with 'data', 'meta'",
                "{\"items\":{\"a\":1}} | colleagues.people.items, .items, is an object with 'a'; expected a list. The response is an object with 'items'",
                "[{\"id\":\"secret\"}] | cannot apply colleagues.people.items, .items, to a list",
                "\"secret\" | cannot apply colleagues.people.items, .items, to a text",
                "{\"items\":[{\"uid\":\"secret\"}]} | colleagues.people.id, .id, is null; expected a text or a whole number. The item is an object with 'uid'",
                "{\"items\":[{\"id\":true}]} | colleagues.people.id, .id, is true; expected a text or a whole number. The item is an object with 'id'",
                "{\"items\":[],\"next\":{\"href\":\"/2\"}} | colleagues.people.next, .next, is an object with 'href'; expected a URL, or null on the last page",
            })
    void saysWhatCameAndWhatWasExpected(String response, String message) {
        assertThatExceptionOfType(PeopleListException.class)
                .isThrownBy(() -> read(response))
                .withMessageEndingWith(": " + message)
                .withMessageNotContaining("secret");
    }

    private static PeoplePage read(String response, String... settings) {
        String[] changes = new String[settings.length];
        for (int i = 0; i < changes.length; i++) {
            changes[i] = "colleagues.people." + settings[i];
        }
        try {
            return new PeoplePages(ShippedSettings.with(changes).people()).read(new ObjectMapper().readTree(response));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(response, e);
        }
    }
}
