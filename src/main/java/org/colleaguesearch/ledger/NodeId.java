package org.colleaguesearch.ledger;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import org.colleaguesearch.settings.Settings;
import org.springframework.stereotype.Component;

/** The id of this instance among the nodes of a cluster. Immutable. */
@Component
public class NodeId {
    private static final DateTimeFormatter COMPACT =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssSSS'Z'").withZone(ZoneOffset.UTC);

    private final String name;
    private final Instant started = Instant.now().truncatedTo(ChronoUnit.MILLIS);

    NodeId(Settings settings) {
        String given = settings.cluster().node();
        this.name = given == null || given.isEmpty() ? host() : given;
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "node";
        }
    }

    public String name() {
        return name;
    }

    public Instant started() {
        return started;
    }

    /** Its name, and when it started: what an earlier instance of the same name had is not its own. */
    public String text() {
        return name + "-" + COMPACT.format(started);
    }
}
