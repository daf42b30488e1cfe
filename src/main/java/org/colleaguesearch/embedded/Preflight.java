package org.colleaguesearch.embedded;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import org.colleaguesearch.failure.StartFailure;
import org.colleaguesearch.settings.Settings;
import org.springframework.util.unit.DataSize;

/** Checks for failures that are certain before anything is launched. Stateless. */
final class Preflight {
    private Preflight() {}

    /** @throws StartFailure if a launch with these settings cannot succeed */
    static void check(Settings.Embedded settings) {
        if (!Files.isExecutable(Launch.java())) {
            throw new StartFailure("OpenSearch needs a Java executable, and there is none at " + Launch.java()
                    + ": run Colleague Search with JDK 21 or later");
        }
        checkPort(settings.port());
        checkHeap(settings.heap());
    }

    private static void checkPort(int port) {
        try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            assert free.isBound();
        } catch (IOException e) {
            throw new StartFailure(Symptom.portTaken(port), e);
        }
    }

    /** OpenSearch touches its whole heap at start; with too large a heap, the system would kill other programs. */
    private static void checkHeap(DataSize heap) {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        if (heap.toBytes() >= system.getTotalMemorySize()) {
            throw new StartFailure("colleagues.opensearch.embedded.heap=" + heap.toMegabytes()
                    + "MB: this machine has " + system.getTotalMemorySize() / (1 << 20)
                    + "MB of memory; reduce it (512MB is enough for 100,000 people), or set"
                    + " colleagues.opensearch.url to a running OpenSearch");
        }
    }
}
