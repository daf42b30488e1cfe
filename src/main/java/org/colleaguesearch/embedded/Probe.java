package org.colleaguesearch.embedded;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.colleaguesearch.failure.StartFailure;

/** Finds out what this machine can do by doing it. Stateless. */
final class Probe {
    private Probe() {}

    /** Whether this command exists and ends with 0 within ten seconds; its output is dropped. */
    static boolean succeeds(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            if (process.waitFor(10, TimeUnit.SECONDS)) {
                return process.exitValue() == 0;
            }
            process.destroyForcibly();
            return false;
        } catch (IOException e) {
            // The program does not exist here, which is what a probe asks.
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartFailure("interrupted while OpenSearch was starting", e);
        }
    }
}
