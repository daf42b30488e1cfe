package org.colleaguesearch;

import java.lang.reflect.InvocationTargetException;

/**
 * Starts the application, or says in a line that this Java is too old for it. Compiled for Java 17, so that there is
 * something to run that can say so: the rest needs 21, which an older Java would answer with a stack trace.
 */
public final class Launcher {
    private static final int NEEDED = 21;

    private Launcher() {}

    public static void main(String[] arguments) throws ReflectiveOperationException {
        int version = Runtime.version().feature();
        if (version < NEEDED) {
            System.err.println("cannot start: this is Java " + version + " (" + System.getProperty("java.home")
                    + "); start it with Java " + NEEDED + " or later");
            System.exit(2);
        }
        try {
            Class.forName("org.colleaguesearch.ColleagueSearch")
                    .getMethod("main", String[].class)
                    .invoke(null, (Object) arguments);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(e.getCause());
        }
    }
}
