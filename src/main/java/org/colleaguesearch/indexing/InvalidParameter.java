package org.colleaguesearch.indexing;

/** A parameter of an indexer has a value that it does not take. The message names it and says what to do. */
public final class InvalidParameter extends IllegalArgumentException {
    private final String parameter;

    InvalidParameter(String parameter, String problem) {
        super(problem);
        this.parameter = parameter;
    }

    /** The name of the parameter. */
    public String parameter() {
        return parameter;
    }
}
