package org.colleaguesearch.tooling.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import net.thisptr.jackson.jq.BuiltinFunctionLoader;
import net.thisptr.jackson.jq.JsonQuery;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.Versions;
import net.thisptr.jackson.jq.exception.JsonQueryException;

/** Takes a part of a JSON value, by an expression as the routes have them. Safe for any thread. */
record Jq(JsonQuery query) {
    /** More than anybody writes down that expects them. */
    private static final int MOST = 10_000;

    private static final Scope FUNCTIONS = Scope.newEmptyScope();

    static {
        BuiltinFunctionLoader.getInstance().loadFunctions(Versions.JQ_1_7, FUNCTIONS);
    }

    /**
     * Reads an expression.
     *
     * @throws JsonQueryException when it is none
     */
    static Jq of(String expression) throws JsonQueryException {
        return new Jq(JsonQuery.compile(expression, Versions.JQ_1_7));
    }

    /**
     * What it makes of a value: that, or a list where it makes several or none.
     *
     * @throws JsonQueryException when it cannot be applied to it
     */
    JsonNode apply(JsonNode value) throws JsonQueryException {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        try {
            query.apply(Scope.newChildScope(FUNCTIONS), value, each -> {
                if (all.size() == MOST) {
                    throw new JsonQueryException("it gives more than " + MOST + " values");
                }
                all.add(each);
            });
        } catch (StackOverflowError e) {
            throw new JsonQueryException("it calls itself for ever");
        }
        return all.size() == 1 ? all.get(0) : all;
    }
}
