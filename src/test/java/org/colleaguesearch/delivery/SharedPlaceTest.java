package org.colleaguesearch.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.colleaguesearch.failure.StartFailure;
import org.colleaguesearch.ledger.NodeTable.Node;
import org.colleaguesearch.settings.Readers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedPlaceTest {
    @TempDir
    Path folder;

    @Test
    void nodesWithTheSameFoldersStart() {
        place("csv", "exports").enter("one");
        place("csv", "exports").enter("two");

        assertThatCode(() -> check(place("csv", "exports"), "one", "two")).doesNotThrowAnyException();
    }

    @Test
    void nodeWithAnotherFolderDoesNotStart() {
        place("csv", "exports").enter("one");
        place("csv", "other").enter("two");

        assertThatThrownBy(() -> check(place("csv", "other"), "one", "two"))
                .isInstanceOf(StartFailure.class)
                .hasMessageContainingAll("colleagues.export.folder", "one", folder.resolve("other") + "");
    }

    @Test
    void folderThatCannotBeWrittenStopsTheStart() throws IOException {
        Files.writeString(folder.resolve("csv"), "a file");

        assertThatThrownBy(() -> place("csv", "exports").enter("one"))
                .isInstanceOf(StartFailure.class)
                .hasMessageContainingAll("colleagues.csv.folder", folder.resolve("csv") + "");
    }

    @Test
    void filesOfNodesThatAreGoneAreRemoved() throws IOException {
        SharedPlace place = place("csv", "exports");
        for (String node : Set.of("killed", "starting", "one")) {
            place.enter(node);
        }
        Path left = folder.resolve("csv/.nodes/killed");
        Files.setLastModifiedTime(left, FileTime.from(Instant.now().minus(Duration.ofHours(2))));

        check(place, "one");

        assertThat(left).doesNotExist();
        assertThat(folder.resolve("csv/.nodes/starting")).exists();
        place.leave("one");
        assertThat(folder.resolve("csv/.nodes/one")).doesNotExist();
        assertThat(folder.resolve("exports/.nodes/one")).doesNotExist();
    }

    @Test
    void nodeThatStopsMeanwhileDoesNotStopTheStart() {
        Iterator<List<Node>> alive =
                List.of(List.of(node("gone")), List.<Node>of()).iterator();
        SharedPlace place = new SharedPlace(Map.of("colleagues.csv.folder", new FolderStore(folder, Readers.OWNER)));

        assertThatCode(() -> place.check(alive::next, Set::of)).doesNotThrowAnyException();
    }

    private static void check(SharedPlace place, String... nodes) {
        place.check(() -> Stream.of(nodes).map(SharedPlaceTest::node).toList(), () -> Set.of(nodes));
    }

    private static Node node(String name) {
        return new Node(name, name, Instant.now(), "", Set.of());
    }

    private SharedPlace place(String csv, String exports) {
        return new SharedPlace(Map.of(
                "colleagues.csv.folder",
                new FolderStore(folder.resolve(csv), Readers.OWNER),
                "colleagues.export.folder",
                new FolderStore(folder.resolve(exports), Readers.OWNER)));
    }
}
