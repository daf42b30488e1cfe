package org.colleaguesearch.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.colleaguesearch.failure.StartFailure;
import org.junit.jupiter.api.Test;

class RunAsTest {
    @Test
    void runsUnchangedForAnOrdinaryUser() {
        assertThat(RunAs.choose(RunAs.ALL, probe -> true)).isEqualTo(RunAs.AS_IT_IS);
    }

    @Test
    void prefersAUserNamespaceForRoot() {
        assertThat(RunAs.choose(RunAs.ALL, probe -> !probe.getFirst().equals("sh")))
                .isEqualTo(RunAs.USER_NAMESPACE);
    }

    @Test
    void switchesUserWithoutUserNamespaces() {
        assertThat(RunAs.choose(RunAs.ALL, probe -> probe.getFirst().equals("setpriv")))
                .isEqualTo(RunAs.NOBODY_USER);
    }

    @Test
    void advisesWhenNoModeWorks() {
        assertThatThrownBy(() -> RunAs.choose(RunAs.ALL, probe -> false))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("as root")
                .hasMessageContaining("colleagues.opensearch.url");
    }

    @Test
    void probesByRunningTheCommand() {
        assertThat(Probe.succeeds(List.of("true"))).isTrue();
        assertThat(Probe.succeeds(List.of("false"))).isFalse();
        assertThat(Probe.succeeds(List.of("no-such-program-anywhere"))).isFalse();
    }
}
