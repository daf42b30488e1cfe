package org.colleaguesearch.tooling.dryrun;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import org.colleaguesearch.indexing.Call;
import org.colleaguesearch.indexing.Fetched;
import org.colleaguesearch.people.Person;
import org.junit.jupiter.api.Test;

class MixedTypesTest {
    @Test
    void namesFieldTypesAndOnePersonForEach() throws JsonProcessingException {
        assertThat(notes("[{\"since\":2018}]", "[{\"since\":2019},{\"since\":\"2018-01\"}]", "[{\"since\":null}]"))
                .containsExactly("field 'sample.since' has several types: a number (p0), a text (p1); the index may"
                        + " reject all but one: convert it to one type in 'section' (jq: tostring)");
    }

    @Test
    void findsFieldsInObjectsAndLists() throws JsonProcessingException {
        assertThat(notes("[{\"a\":{\"b\":[1,true]},\"c\":\"x\"}]", "[{\"a\":{\"b\":[]},\"c\":{\"d\":1}}]"))
                .extracting(note -> note.substring(0, note.indexOf(';')))
                .containsExactly(
                        "field 'sample.a.b' has several types: a number (p0), true or false (p0)",
                        "field 'sample.c' has several types: a text (p0), an object (p1)");
    }

    @Test
    void acceptsFieldsOfOneType() throws JsonProcessingException {
        assertThat(notes()).isEmpty();
        assertThat(notes(
                        "[]",
                        "[{}]",
                        "[{\"a\":1},{\"a\":1.5},{\"a\":null},{\"a\":[2,[3]]},{\"a\":12345678901234567890}]"))
                .isEmpty();
    }

    private static List<String> notes(String... sections) throws JsonProcessingException {
        List<Fetched> all = new ArrayList<>();
        for (String section : sections) {
            Call call = new Call(new Person("p" + all.size(), ""), "https://api/people");
            all.add(new Fetched(call, new ObjectMapper().readTree(section), 200, 1));
        }
        return MixedTypes.notes("sample", all);
    }
}
