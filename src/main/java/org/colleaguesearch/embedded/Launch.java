package org.colleaguesearch.embedded;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.colleaguesearch.failure.StartFailure;
import org.colleaguesearch.settings.Settings;

/** The command, environment and options of the child process. */
record Launch(Settings.Embedded settings, Distribution distribution) {
    /** The child must not see the rest of the environment, above all not the API credentials. */
    private static final Set<String> PASSED_ON = Set.of("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR");

    /** The Java that runs this application. OpenSearch 3 also needs Java 21. */
    static Path java() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    /**
     * Starts the child, in its own session where the system supports that.
     *
     * @throws StartFailure if the program cannot be started
     */
    Process run(RunAs user, DataFolder folder, ChildLog log) {
        ProcessBuilder builder = new ProcessBuilder(command(user, folder))
                .directory(folder.home().toFile())
                .redirectInput(Redirect.from(new File("/dev/null")))
                .redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(log.file().toFile()));
        Map<String, String> environment = builder.environment();
        environment.keySet().retainAll(PASSED_ON);
        environment.put("OPENSEARCH_JAVA_HOME", System.getProperty("java.home"));
        environment.put("OPENSEARCH_JAVA_OPTS", "-Xms" + heap() + " -Xmx" + heap());
        environment.put("OPENSEARCH_PATH_CONF", folder.config().toString());
        // The script splits its options at blanks. Without this variable it creates a folder in /tmp at every start.
        if (folder.tmp().toString().chars().noneMatch(Character::isWhitespace)) {
            environment.put("OPENSEARCH_TMPDIR", folder.tmp().toString());
        }
        try {
            return builder.start();
        } catch (IOException e) {
            throw new StartFailure("cannot launch OpenSearch: " + e.getMessage(), e);
        }
    }

    private List<String> command(RunAs user, DataFolder folder) {
        // No file that OpenSearch writes is readable to other users.
        List<String> command = new ArrayList<>(List.of("sh", "-c", "umask 077; exec \"$@\"", "sh"));
        // Its own session: Ctrl-C in a terminal must not stop it before the application has delivered.
        if (Probe.succeeds(List.of("setsid", "true"))) {
            command.add("setsid");
        }
        command.addAll(user.prefix());
        command.add(new Distribution(folder.home()).program().toString());
        options(folder).forEach(option -> command.add("-E" + option));
        return command;
    }

    private List<String> options(DataFolder folder) {
        return List.of(
                "cluster.name=" + Health.CLUSTER,
                "node.name=embedded",
                "discovery.type=single-node",
                "network.host=127.0.0.1",
                "http.port=" + settings.port(),
                // No other node joins: see PrivateNode.
                "transport.type=none",
                "action.destructive_requires_name=true",
                // Deliveries (see Documents), and searches by meaning (routes/api/expertise-search.jq); nothing else.
                "script.allowed_types=inline",
                "script.allowed_contexts=update,score",
                "path.data=" + folder.store(),
                // Must be writable, although the node logs to the console only.
                "path.logs=" + folder.tmp(),
                // In bytes: the default percentages make an index read-only on a laptop disk that is 95 % full with
                // 50 GB free. These limits still take effect before the disk is full.
                "cluster.routing.allocation.disk.watermark.low=2gb",
                "cluster.routing.allocation.disk.watermark.high=1gb",
                "cluster.routing.allocation.disk.watermark.flood_stage=500mb");
    }

    private String heap() {
        return settings.heap().toKilobytes() + "k";
    }
}
