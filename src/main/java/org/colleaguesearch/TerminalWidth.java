package org.colleaguesearch;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How wide the terminal is, as the system's stty says. */
final class TerminalWidth {
    private static final int WITHOUT_TERMINAL = 120;
    private static final int LEAST = 40;
    private static final int MOST = 400;
    private static final Pattern SIZE = Pattern.compile("\\d{1,5} (\\d{1,5})\\s*");

    private TerminalWidth() {}

    /** In characters, {@value #LEAST} to {@value #MOST}; {@value #WITHOUT_TERMINAL} where there is no terminal. */
    static int columns() {
        return of(size());
    }

    /** @param size rows and columns, as stty prints them */
    static int of(String size) {
        Matcher found = SIZE.matcher(size);
        int columns = found.matches() ? Integer.parseInt(found.group(1)) : 0;
        return columns == 0 ? WITHOUT_TERMINAL : Math.clamp(columns, LEAST, MOST);
    }

    private static String size() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(new File("/dev/tty"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                return stty.waitFor(1, TimeUnit.SECONDS)
                        ? new String(stty.getInputStream().readNBytes(100), StandardCharsets.US_ASCII)
                        : "";
            } finally {
                stty.destroyForcibly();
            }
        } catch (IOException e) {
            // No such program or terminal.
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }
}
