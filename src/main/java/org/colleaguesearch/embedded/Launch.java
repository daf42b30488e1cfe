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

/** How the child is launched: its command, environment and options. */
record Launch(Settings.Embedded settings, Distribution distribution) {
    /** Nothing else of the environment is the child's business, least of all the API's credentials. */
    private static final Set<String> PASSED_ON = Set.of("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR");

    /** The Java that runs this application; OpenSearch 3 needs 21, as the application does. */
    static Path java() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    /**
     * Starts the child, in a session of its own where that can be had.
     *
     * @throws StartFailure if there is no program to start
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
        // The script splits its options at blanks; without this it makes a new folder in /tmp at every start.
        if (folder.tmp().toString().chars().noneMatch(Character::isWhitespace)) {
            environment.put("OPENSEARCH_TMPDIR", folder.tmp().toString());
        }
        try {
            return builder.start();
        } catch (IOException e) {
            throw new StartFailure("OpenSearch could not be launched: " + e.getMessage(), e);
        }
    }

    private List<String> command(RunAs user, DataFolder folder) {
        // Of what OpenSearch writes, nothing is for other users.
        List<String> command = new ArrayList<>(List.of("sh", "-c", "umask 077; exec \"$@\"", "sh"));
        // A session of its own: Ctrl-C in a terminal must not end it before the application has delivered.
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
                // No other node ever joins: see PrivateNode.
                "transport.type=none",
                "action.destructive_requires_name=true",
                // No query, update or copy of this application has a script.
                "script.allowed_types=none",
                "path.data=" + folder.store(),
                // Must be writable, although all is logged to the console.
                "path.logs=" + folder.tmp(),
                // In bytes: the usual percentages make an index read-only on a laptop's disk that is 95 % full with
                // 50 GB free. These still stop before the disk is full.
                "cluster.routing.allocation.disk.watermark.low=2gb",
                "cluster.routing.allocation.disk.watermark.high=1gb",
                "cluster.routing.allocation.disk.watermark.flood_stage=500mb");
    }

    private String heap() {
        return settings.heap().toKilobytes() + "k";
    }
}
