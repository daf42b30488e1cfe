package org.colleaguesearch.people;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
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
                "[{\"id\":\"a\",\"name\":\"A\"}] | items=. | 1",
                "[] | items=. | 0",
                "{\"items\":[{\"id\":\"a\",\"name\":\"A\"}],\"next\":\"/2\"} | items=.items[] | 1",
                "{\"data\":{\"people\":[{\"id\":\"a\",\"name\":\"A\"}]}} | items=.data.people | 1",
                "{\"items\":[{\"id\":\"a\",\"name\":\"A\"},{\"id\":\"a\",\"name\":\"B\"}]} | items=.items | 1",
            })
    void readsTheListThatTheExpressionTakes(String response, String items, int people) {
        assertThat(read(response, items)).hasSize(people).allMatch(new Person("a", "A")::equals);
    }

    @Test
    void takesIdNameAndActiveByExpressionAndLeavesOutWhoeverIsNotActive() {
        List<Person> people = read("""
                {"items":[
                 {"key":7,"first":"Ada","last":"L","left":null},
                 {"key":12345678901234567890,"first":"Bob","last":"M","left":"2020-01-01"},
                 {"key":9,"first":"Cy","last":"N"}]}""", "id=.key", "name=.first + \" \" + .last", "active=.left == null");

        assertThat(people).containsExactly(new Person("7", "Ada L"), new Person("9", "Cy N"));
    }

    @Test
    void takesFurtherFieldsAndLeavesOutThoseThatThePersonLacks() {
        List<Person> people = read("""
                {"items":[
                 {"id":"a","ids":{"orcid":"0000-1","staff":17}},
                 {"id":"b","ids":{"orcid":null,"staff":""}},
                 {"id":"c"}]}""", "fields.orcid=.ids.orcid", "fields.staff=.ids.staff");

        assertThat(people)
                .containsExactly(
                        new Person("a", "", Map.of("orcid", "0000-1", "staff", "17")),
                        new Person("b", ""),
                        new Person("c", ""));
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
                "{\"items\":[{\"id\":\"1\",\"orcid\":[1]}]} | colleagues.people.fields.orcid, .orcid, is a list; expected a text, a number or null",
                "{\"items\":[{\"id\":true}]} | colleagues.people.id, .id, is true; expected a text or a whole number. The item is an object with 'id'",
                "{\"items\":[{\"id\":\"1\",\"active\":\"no\"}]} | colleagues.people.active, .active, is a text; expected true, false or null",
            })
    void saysWhatCameAndWhatWasExpected(String response, String message) {
        assertThatExceptionOfType(PeopleListException.class)
                .isThrownBy(() -> read(response, "fields.orcid=.orcid"))
                .withMessageEndingWith(": " + message)
                .withMessageNotContaining("secret");
    }

    private static List<Person> read(String response, String... settings) {
        String[] changes = Stream.of(settings).map("colleagues.people."::concat).toArray(String[]::new);
        PeoplePages pages = new PeoplePages(ShippedSettings.with(changes).people(), null);
        try {
            return pages.people(pages.items(new ObjectMapper().readTree(response)));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(response, e);
        }
    }
}
