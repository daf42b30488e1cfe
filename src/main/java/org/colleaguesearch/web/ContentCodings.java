package org.colleaguesearch.web;

import java.util.Locale;
import java.util.regex.Pattern;

/** Reads {@code Accept-Encoding} headers (RFC 9110, section 12.5.3). */
final class ContentCodings {
    private static final Pattern WEIGHT_0 = Pattern.compile(".*;\\s*q\\s*=\\s*0(\\.0*)?\\s*");

    private ContentCodings() {}

    /** @param header null if missing, which accepts any coding but does not ask for gzip */
    static boolean takesGzip(String header) {
        if (header == null) {
            return false;
        }
        boolean any = false;
        for (String each : header.toLowerCase(Locale.ROOT).split(",", -1)) {
            String coding = each.split(";", 2)[0].strip();
            boolean isTaken = !WEIGHT_0.matcher(each).matches();
            if (coding.equals("gzip") || coding.equals("x-gzip")) {
                return isTaken;
            }
            any |= coding.equals("*") && isTaken;
        }
        return any;
    }
}
