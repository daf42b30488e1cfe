package org.colleaguesearch.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.stream.StreamSupport;
import org.colleaguesearch.indexing.Chunk;
import org.colleaguesearch.people.Person;
import org.springframework.stereotype.Component;

/** The URLs of an export's chunk, and the items of what they answer. Stateless. */
@Component("exportItems")
class ExportItems {
    /** The URLs of a chunk, in order. */
    public List<String> urls(Chunk chunk) {
        return chunk.people().stream().map(Person::name).toList();
    }

    /**
     * The items of an answer, a list of objects: a list's own; those of the one field of an object that is a list of
     * objects, as in the sections of the people API; else the object itself. Of several such fields, empty ones do not
     * count.
     *
     * @throws NoItems when the answer is neither an object nor a list of objects
     */
    public JsonNode of(JsonNode answer) {
        if (isListOfObjects(answer)) {
            return answer;
        }
        if (!answer.isObject()) {
            throw new NoItems("the answer is no object and no list of objects");
        }
        List<JsonNode> lists = StreamSupport.stream(answer.spliterator(), false)
                .filter(ExportItems::isListOfObjects)
                .toList();
        List<JsonNode> filled = lists.size() == 1
                ? lists
                : lists.stream().filter(list -> !list.isEmpty()).toList();
        return filled.size() == 1
                ? filled.getFirst()
                : JsonNodeFactory.instance.arrayNode().add(answer);
    }

    private static boolean isListOfObjects(JsonNode value) {
        return value.isArray()
                && StreamSupport.stream(value.spliterator(), false).allMatch(JsonNode::isObject);
    }

    /** An answer that has no items. The message is the reason, in one line. */
    static final class NoItems extends RuntimeException {
        NoItems(String message) {
            super(message);
        }
    }
}
