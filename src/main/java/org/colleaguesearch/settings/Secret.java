package org.colleaguesearch.settings;

import java.util.regex.Pattern;

/** A password, token or key. It shows itself only when asked to, so that it stays out of logs and messages. */
public final class Secret {
    private static final Pattern PARAMETER = Pattern.compile(
            "((?:password|passphrase|secret|token|key|credential|signature|sig)=)[^&;]*", Pattern.CASE_INSENSITIVE);

    private final String value;

    private Secret(String value) {
        this.value = value;
    }

    /** Named as Spring's binder looks for it. */
    public static Secret valueOf(String value) {
        return new Secret(value);
    }

    /**
     * A text that has one URL at most, which need not be a right one, without the passwords in it: what stands before its
     * host, and the values of parameters that are called so.
     */
    public static String hiddenIn(String text) {
        int begin = text.indexOf("//") + 2;
        int end = text.lastIndexOf('@');
        String withoutUser = begin < 2 || end < begin ? text : text.substring(0, begin) + "***" + text.substring(end);
        return PARAMETER.matcher(withoutUser).replaceAll("$1***");
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
