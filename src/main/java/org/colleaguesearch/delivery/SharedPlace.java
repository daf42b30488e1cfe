package org.colleaguesearch.delivery;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.colleaguesearch.failure.Causes;
import org.colleaguesearch.failure.StartFailure;
import org.colleaguesearch.ledger.NodeTable.Node;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Whether the nodes of a cluster keep their CSV files and exports in the same place. Each has a file of its own there, {@code
 * .nodes/<id>}, from before the others know of it until it stops. Stateless.
 */
@Component
public class SharedPlace {
    private static final String NODES = ".nodes";
    /** A network file system may show a new file to other machines seconds later. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** From when on the file of a node is removed that the ledger does not know. */
    private static final Duration LEFT_OVER = Duration.ofHours(1);

    private static final String EXPORTS = "colleagues.export.folder";

    private final Map<String, FileStore> stores;

    @Autowired
    SharedPlace(Deliveries deliveries, FileStore csvStore, FileStore exportStore) {
        this(
                deliveries.toCsv()
                        ? Map.of("colleagues.csv.folder", csvStore, EXPORTS, exportStore)
                        : Map.of(EXPORTS, exportStore));
    }

    /** @param stores by their settings */
    SharedPlace(Map<String, FileStore> stores) {
        this.stores = Map.copyOf(stores);
    }

    /**
     * Writes the files of a node.
     *
     * @throws StartFailure if they cannot be written
     */
    public void enter(String node) {
        stores.forEach((setting, store) -> {
            try {
                store.write(NODES + "/" + node, out -> out.write(node.getBytes(StandardCharsets.UTF_8)));
            } catch (IOException e) {
                throw new StartFailure(
                        setting + ": cannot write to " + store.place("") + ": " + Causes.line(e)
                                + "; all nodes need to write there",
                        e);
            }
        });
    }

    /**
     * Looks for the files of the other nodes, and removes those of nodes that are gone.
     *
     * @param alive reads from the ledger which nodes are alive
     * @param known reads the ids of all nodes that may come back
     * @throws StartFailure if a node that is alive has none
     */
    public void check(Supplier<List<Node>> alive, Supplier<Set<String>> known) {
        stores.forEach((setting, store) -> {
            try {
                for (Node node : alive.get()) {
                    if (!isThere(store, node, alive)) {
                        throw new StartFailure(setting + ": node " + node.name() + " does not use " + store.place("")
                                + "; set the same folder, on storage that all nodes share, or colleagues.files.bucket");
                    }
                }
                removeOld(store, known.get());
            } catch (IOException e) {
                throw new StartFailure(setting + ": cannot read " + store.place("") + ": " + Causes.line(e), e);
            }
        });
    }

    private static boolean isThere(FileStore store, Node node, Supplier<List<Node>> alive) throws IOException {
        long began = System.nanoTime();
        while (store.find(NODES + "/" + node.id()).isEmpty()) {
            if (System.nanoTime() - began > PATIENCE.toNanos()) {
                // It may have stopped meanwhile.
                return alive.get().stream().noneMatch(other -> other.id().equals(node.id()));
            }
            try {
                TimeUnit.SECONDS.sleep(1);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }

    private static void removeOld(FileStore store, Set<String> known) throws IOException {
        for (StoredFile file : store.list(NODES)) {
            boolean isKnown = known.contains(file.name().substring(file.name().lastIndexOf('/') + 1));
            // The ledger knows a node that starts a moment after it has written its file.
            if (!isKnown && file.modified().isBefore(Instant.now().minus(LEFT_OVER))) {
                store.delete(file.name());
            }
        }
    }

    /** Removes the files of a node that stops. */
    public void leave(String node) throws IOException {
        for (FileStore store : stores.values()) {
            store.delete(NODES + "/" + node);
        }
    }
}
