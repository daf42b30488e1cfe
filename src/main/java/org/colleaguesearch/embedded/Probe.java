package org.colleaguesearch.embedded;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.colleaguesearch.failure.StartFailure;

/** Tests what this machine supports by trying it. Stateless. */
final class Probe {
    private Probe() {}

    /** Whether this command exists and exits with 0 within ten seconds. Discards its output. */
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
            // The program does not exist here.
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartFailure("interrupted while starting OpenSearch", e);
        }
    }
}
