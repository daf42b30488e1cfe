package org.colleaguesearch.tooling.testing;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NumericNode;

/** Creates the same JSON for equal numbers: 1.0 becomes 1. */
final class WholeNumbers extends JsonNodeFactory {
    @Override
    public NumericNode numberNode(double number) {
        long whole = (long) number;
        if (whole != number) {
            return super.numberNode(number);
        }
        return (int) whole == whole ? super.numberNode((int) whole) : super.numberNode(whole);
    }
}
