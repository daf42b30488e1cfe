package org.colleaguesearch.runs;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Map;
import org.colleaguesearch.failure.StartFailure;
import org.colleaguesearch.indexing.FixedIndexers;
import org.colleaguesearch.indexing.Indexer;
import org.colleaguesearch.settings.Pools;
import org.colleaguesearch.settings.Pools.Pool;
import org.colleaguesearch.settings.ShippedSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StartChecksTest {
    private static final Pools POOLS = new Pools(Map.of("fetch", new Pool(10), "chunks", new Pool(8)));

    @Test
    void acceptsTheShippedIndexers() {
        assertThatCode(() -> check(FixedIndexers.named("functions", "patents"))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"id", "name", "active"})
    void refusesIndexerNamedLikeAFieldOfAPerson(String name) {
        assertThatExceptionOfType(StartFailure.class)
                .isThrownBy(() -> check(FixedIndexers.named("patents", name)))
                .withMessageStartingWith("invalid indexer name '" + name + "': it is a field of the person");
    }

    /** Its runs would be mistaken for those of exports. */
    @Test
    void refusesIndexerNamedExport() {
        assertThatExceptionOfType(StartFailure.class)
                .isThrownBy(() -> check(FixedIndexers.named("patents", "export")))
                .withMessageStartingWith("invalid indexer name 'export'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../patents", "a/b", "a.b", "a b", "", "1", "-a", "é"})
    void refusesIndexerNameThatIsNoFolderOrField(String name) {
        assertThatExceptionOfType(StartFailure.class)
                .isThrownBy(() -> check(FixedIndexers.named(name)))
                .withMessageContaining("expected a letter, then letters, digits, - and _");
    }

    @Test
    void refusesToStartWithoutIndexers() {
        assertThatExceptionOfType(StartFailure.class)
                .isThrownBy(() -> check(FixedIndexers.named()))
                .withMessageContaining("no indexer found in the route files");
    }

    @Test
    void refusesIndexerWhosePoolIsNotDefined() {
        FixedIndexers indexers = new FixedIndexers(new Indexer("patents", List.of("title"), "fetsch", false));

        assertThatExceptionOfType(StartFailure.class)
                .isThrownBy(() -> check(indexers))
                .withMessageStartingWith("indexer patents: unknown pool 'fetsch'")
                .withMessageEndingWith(": chunks, fetch");
    }

    private static void check(FixedIndexers indexers) {
        new StartChecks(ShippedSettings.with(), POOLS).check(indexers.all());
    }
}
