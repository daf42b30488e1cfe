package org.colleaguesearch.tooling.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import net.thisptr.jackson.jq.BuiltinFunctionLoader;
import net.thisptr.jackson.jq.JsonQuery;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.Versions;
import net.thisptr.jackson.jq.exception.JsonQueryException;

/** A jq expression, in the jq version that the routes use. Thread-safe. */
record Jq(JsonQuery query) {
    /** Nobody expects more values. */
    private static final int MOST = 10_000;

    private static final Scope FUNCTIONS = Scope.newEmptyScope();

    static {
        BuiltinFunctionLoader.getInstance().loadFunctions(Versions.JQ_1_7, FUNCTIONS);
    }

    /**
     * Compiles an expression.
     *
     * @throws JsonQueryException when it is invalid
     */
    static Jq of(String expression) throws JsonQueryException {
        return new Jq(JsonQuery.compile(expression, Versions.JQ_1_7));
    }

    /**
     * Its result for a value; a list if it has several results or none.
     *
     * @throws JsonQueryException when it cannot be applied to the value
     */
    JsonNode apply(JsonNode value) throws JsonQueryException {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        try {
            query.apply(Scope.newChildScope(FUNCTIONS), value, each -> {
                if (all.size() == MOST) {
                    throw new JsonQueryException("more than " + MOST + " results");
                }
                all.add(each);
            });
        } catch (StackOverflowError e) {
            throw new JsonQueryException("infinite recursion");
        }
        return all.size() == 1 ? all.get(0) : all;
    }
}
