package org.colleaguesearch.settings;

import java.util.regex.Pattern;

/** A password, token or key. {@link #toString} hides it, to keep it out of logs and messages. */
public final class Secret {
    private static final Pattern PARAMETER = Pattern.compile(
            "((?:password|passphrase|secret|token|key|credential|signature|sig)=)[^&;]*", Pattern.CASE_INSENSITIVE);

    private final String value;

    private Secret(String value) {
        this.value = value;
    }

    /** The factory method that Spring's binder looks for. */
    public static Secret valueOf(String value) {
        return new Secret(value);
    }

    /**
     * Hides the passwords of the URL in a text, which may be malformed: its user info, and parameters with names such as
     * {@code token}.
     */
    public static String hiddenIn(String text) {
        int begin = text.indexOf("//") + 2;
        int end = text.lastIndexOf('@');
        String withoutUser = begin < 2 || end < begin ? text : text.substring(0, begin) + "***" + text.substring(end);
        return PARAMETER.matcher(withoutUser).replaceAll("$1***");
    }

    /** False for the empty string of an unset environment variable. */
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
