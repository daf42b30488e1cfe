package org.colleaguesearch.cli;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is known of the terminal, as the system's own commands say. */
final class Terminal {
    private static final int WITHOUT_TERMINAL = 120;
    private static final int LEAST = 40;
    private static final int MOST = 400;
    private static final Pattern SIZE = Pattern.compile("\\d{1,5} (\\d{1,5})\\s*");

    private Terminal() {}

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

    /** Whether it shows what is printed, which may as well go into a file or to another program. */
    static boolean shows() {
        // Java's own answer to this depends on its release.
        return ran(
                new ProcessBuilder("test", "-t", "1").redirectOutput(Redirect.INHERIT),
                test -> test.exitValue() == 0,
                false);
    }

    private static String size() {
        return ran(
                new ProcessBuilder("stty", "size").redirectInput(new File("/dev/tty")),
                stty -> new String(stty.getInputStream().readNBytes(100), StandardCharsets.US_ASCII),
                "");
    }

    /** What is to be known of a process that has ended. */
    private interface Question<T> {
        T ask(Process ended) throws IOException;
    }

    private static <T> T ran(ProcessBuilder command, Question<T> question, T unknown) {
        try {
            Process process = command.redirectError(Redirect.DISCARD).start();
            try {
                return process.waitFor(1, TimeUnit.SECONDS) ? question.ask(process) : unknown;
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            // No such program or terminal.
            return unknown;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return unknown;
        }
    }
}
