package org.colleaguesearch.settings;

/** A password, token or key. It shows itself only when asked to, so that it stays out of logs and messages. */
public final class Secret {
    private final String value;

    private Secret(String value) {
        this.value = value;
    }

    /** Named as Spring's binder looks for it. */
    public static Secret valueOf(String value) {
        return new Secret(value);
    }

    /** False for the empty text that an unset environment variable gives. */
    public boolean isSet() {
        return !value.isEmpty();
    }

    public String reveal() {
        return value;
    }

    @Override
    public String toString() {
        return "***";
    }
}
