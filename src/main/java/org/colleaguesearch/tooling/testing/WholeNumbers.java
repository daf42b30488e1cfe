package org.colleaguesearch.tooling.testing;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NumericNode;

/** Makes one JSON of numbers that are worth the same: of 1.0, it makes 1. */
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
