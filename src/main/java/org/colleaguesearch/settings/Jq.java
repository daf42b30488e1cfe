package org.colleaguesearch.settings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Map;
import net.thisptr.jackson.jq.BuiltinFunctionLoader;
import net.thisptr.jackson.jq.JsonQuery;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.Versions;
import net.thisptr.jackson.jq.exception.JsonQueryException;

/** A jq expression, in the jq version that the routes use. Immutable; safe for any thread. */
public final class Jq {
    /** Nobody expects more values at once. */
    private static final int FEW = 10_000;

    /** More results than any list has. */
    private static final int MOST = 1_000_000;

    private static final Scope FUNCTIONS = Scope.newEmptyScope();

    static {
        BuiltinFunctionLoader.getInstance().loadFunctions(Versions.JQ_1_7, FUNCTIONS);
    }

    private final String text;
    private final JsonQuery query;

    private Jq(String text, JsonQuery query) {
        this.text = text;
        this.query = query;
    }

    /**
     * The factory method that Spring's binder looks for.
     *
     * @throws IllegalArgumentException when the expression is invalid
     */
    public static Jq valueOf(String text) {
        try {
            return new Jq(text, JsonQuery.compile(text, Versions.JQ_1_7));
        } catch (JsonQueryException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /**
     * Its result for a value; a list if it has several results or none.
     *
     * @throws JsonQueryException when it cannot be applied to the value
     */
    public JsonNode apply(JsonNode value) throws JsonQueryException {
        return apply(value, Map.of());
    }

    /** Like {@link #apply(JsonNode)}, with variables: {@code $url} for the key {@code url}. */
    public JsonNode apply(JsonNode value, Map<String, JsonNode> variables) throws JsonQueryException {
        ArrayNode all = results(value, variables, FEW);
        return all.size() == 1 ? all.get(0) : all;
    }

    /** All its results for a value; throws like {@link #apply}. */
    public ArrayNode results(JsonNode value) throws JsonQueryException {
        return results(value, Map.of(), MOST);
    }

    private ArrayNode results(JsonNode value, Map<String, JsonNode> variables, int most) throws JsonQueryException {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        Scope scope = Scope.newChildScope(FUNCTIONS);
        variables.forEach(scope::setValue);
        try {
            query.apply(scope, value, each -> {
                if (all.size() == most) {
                    throw new JsonQueryException("more than " + most + " results");
                }
                all.add(each);
            });
        } catch (StackOverflowError e) {
            throw new JsonQueryException("infinite recursion");
        }
        return all;
    }

    /** The expression. */
    @Override
    public String toString() {
        return text;
    }
}
