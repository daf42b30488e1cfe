package org.colleaguesearch.people;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import org.apache.camel.Exchange;
import org.colleaguesearch.settings.Jq;
import org.colleaguesearch.settings.Settings;
import org.colleaguesearch.source.ApiUrls;
import org.colleaguesearch.source.Apis;
import org.colleaguesearch.source.CallState;
import org.colleaguesearch.source.JsonShape;
import org.colleaguesearch.source.PageLinks;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Reads the list of active people from responses of any shape, with the jq expressions of {@code colleagues.people}.
 * Immutable; safe for any thread.
 */
@Component("peoplePages")
public final class PeoplePages {
    /** More pages than any real list has: beyond it, the pages have no end. */
    private static final int MOST_PAGES = 1_000_000;

    private final Settings.People settings;
    private final Apis apis;

    @Autowired
    PeoplePages(Settings settings, Apis apis) {
        this(settings.people(), apis);
    }

    /** {@code apis}: null when there are only rows to read. */
    public PeoplePages(Settings.People settings, Apis apis) {
        this.settings = settings;
        this.apis = apis;
    }

    /** The list of the API, before its first page. */
    public PeopleReading begin(PeopleSink sink) {
        ApiUrls urls = apis.urls(settings.api());
        return new PeopleReading(
                new PageLinks(urls, settings.pages(), urls.resolve(settings.path()), MOST_PAGES), sink);
    }

    /**
     * Adds a page.
     *
     * @param call whose body is the response
     * @throws PeopleListException when it has another shape; the message says what came and what was expected
     */
    public void add(PeopleReading reading, Exchange call) {
        JsonNode response = call.getMessage().getBody(JsonNode.class);
        JsonNode items = items(response);
        reading.add(
                people(items),
                new PageLinks.Answer(response, CallState.of(call).responseHeaders(), reading.url()),
                items.size());
    }

    /** The list that a response has. */
    ArrayNode items(JsonNode response) {
        JsonNode items = found(response);
        if (items instanceof ArrayNode list) {
            return list;
        }
        throw new PeopleListException("invalid page of the people list: colleagues.people.items, " + settings.items()
                + ", is " + JsonShape.of(items) + "; expected a list. The response is " + JsonShape.of(response));
    }

    /**
     * The people in a list, each once. Those who are not active are left out.
     *
     * @throws PeopleListException when one has another shape
     */
    public List<Person> people(JsonNode items) {
        Map<String, Person> people = new LinkedHashMap<>();
        for (JsonNode item : items) {
            String id = id(apply("id", settings.id(), item), item);
            if (isActive(apply("active", settings.active(), item))) {
                people.putIfAbsent(id, new Person(id, name(apply("name", settings.name(), item)), fields(item)));
            }
        }
        return List.copyOf(people.values());
    }

    private Map<String, String> fields(JsonNode item) {
        Map<String, String> fields = new TreeMap<>();
        settings.fields().forEach((field, expression) -> {
            JsonNode value = apply("fields." + field, expression, item);
            if (!isNothing(value) && !value.isValueNode()) {
                throw new PeopleListException("invalid item in the people list: colleagues.people.fields." + field
                        + ", " + expression + ", is " + JsonShape.of(value) + "; expected a text, a number or null");
            }
            String text = isNothing(value) ? "" : value.asText();
            if (!text.isBlank() && isText(text)) {
                fields.put(field, text);
            }
        });
        return fields;
    }

    /** {@code .people} and {@code .people[]} are the same list. */
    private JsonNode found(JsonNode response) {
        try {
            ArrayNode results = settings.items().results(response);
            boolean isStream = settings.items().toString().strip().endsWith("[]");
            return results.size() == 1 && !isStream ? results.get(0) : results;
        } catch (JsonQueryException e) {
            throw notApplicable("items", settings.items(), response);
        }
    }

    private static JsonNode apply(String key, Jq expression, JsonNode value) {
        try {
            return expression.apply(value);
        } catch (JsonQueryException e) {
            throw notApplicable(key, expression, value);
        }
    }

    /** Without the cause, whose message quotes the response. */
    private static PeopleListException notApplicable(String key, Jq expression, JsonNode value) {
        return new PeopleListException("invalid page of the people list: cannot apply colleagues.people." + key + ", "
                + expression + ", to " + JsonShape.of(value));
    }

    private String id(JsonNode id, JsonNode item) {
        if (id.isIntegralNumber()) {
            return id.asText();
        }
        if (!id.isTextual() || id.textValue().isEmpty()) {
            throw new PeopleListException("invalid item in the people list: colleagues.people.id, " + settings.id()
                    + ", is " + JsonShape.of(id) + "; expected a text or a whole number. The item is "
                    + JsonShape.of(item));
        }
        if (!isText(id.textValue())) {
            throw new PeopleListException(
                    "invalid item in the people list: the id contains a NUL or an unpaired surrogate");
        }
        return id.textValue();
    }

    /** Lists of active people only often leave it out. In CSV files, it is a text. */
    private boolean isActive(JsonNode active) {
        if (!active.asText().matches("true|false") && !isNothing(active)) {
            throw new PeopleListException("invalid item in the people list: colleagues.people.active, "
                    + settings.active() + ", is " + JsonShape.of(active) + "; expected true, false or null");
        }
        return !active.asText().equals("false");
    }

    /** An expression without a result gives an empty list. */
    private static boolean isNothing(JsonNode value) {
        return value.isNull() || (value.isArray() && value.isEmpty());
    }

    private static String name(JsonNode name) {
        String text = name.isValueNode() && !name.isNull() ? name.asText() : "";
        return isText(text) ? text : "";
    }

    /** Whether a value can be the id of a person. */
    public static boolean isId(JsonNode id) {
        return id.isTextual() && !id.textValue().isEmpty() && isText(id.textValue());
    }

    /** Whether databases and URLs can hold a text. */
    private static boolean isText(String text) {
        return text.indexOf('\0') < 0 && StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }
}
