package org.colleaguesearch.runs;

import java.io.Console;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * A status line that stays at the bottom of the terminal while log lines scroll above it. Any thread may print; the
 * lock is held only for one write.
 */
public final class StatusLine extends FilterOutputStream {
    private static final String CLEAR = "\r\u001b[K";

    private final Object lock = new Object();
    private String status = "";
    private boolean atLineStart = true;

    private StatusLine(OutputStream out) {
        super(out);
    }

    /** Takes over standard output; returns null if that is not a terminal. */
    static StatusLine takeOver() {
        if (!isTerminal()) {
            return null;
        }
        StatusLine terminal = new StatusLine(System.out);
        System.setOut(new PrintStream(terminal, true, StandardCharsets.UTF_8));
        return terminal;
    }

    /** Whether standard output is a terminal. */
    public static boolean isTerminal() {
        return isTerminal(System.console());
    }

    /** Since Java 22 there can be a console without a terminal; the method that tells is also new in Java 22. */
    private static boolean isTerminal(Console console) {
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }

    /** Shows a line; an empty text removes it. */
    void show(String line) {
        synchronized (lock) {
            status = line;
            if (atLineStart) {
                print(CLEAR + status);
            }
        }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        synchronized (lock) {
            if (atLineStart && !status.isEmpty()) {
                print(CLEAR);
            }
            out.write(bytes, offset, length);
            if (length > 0) {
                atLineStart = bytes[offset + length - 1] == '\n';
            }
            if (atLineStart) {
                print(status);
            }
        }
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    private void print(String text) {
        try {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException e) {
            // The terminal is gone; the work continues without it.
            status = "";
        }
    }
}
