package org.colleaguesearch.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.stream.StreamSupport;
import org.springframework.stereotype.Component;

/** Finds the items in a response. Stateless. */
@Component("exportItems")
class ExportItems {
    /**
     * The items of a response, as a list of objects: the response itself if it is such a list; the list in its only field
     * that is one, as in the sections of the demo API; otherwise the response as one item. If several fields are such
     * lists, empty ones do not count.
     *
     * @throws NoItems if the response is neither an object nor a list of objects
     */
    public JsonNode of(JsonNode answer) {
        if (isListOfObjects(answer)) {
            return answer;
        }
        if (!answer.isObject()) {
            throw new NoItems("the response is neither an object nor a list of objects");
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

    /** A response without items. The message is the reason, in one line. */
    static final class NoItems extends RuntimeException {
        NoItems(String message) {
            super(message);
        }
    }
}
