package org.colleaguesearch.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.colleaguesearch.failure.StartFailure;
import org.junit.jupiter.api.Test;

class WayTest {
    @Test
    void runsAsItIsForAPlainUser() {
        assertThat(Way.choose(Way.ALL, probe -> true)).isEqualTo(Way.AS_IT_IS);
    }

    @Test
    void prefersAUserNamespaceForRoot() {
        assertThat(Way.choose(Way.ALL, probe -> !probe.getFirst().equals("sh"))).isEqualTo(Way.USER_NAMESPACE);
    }

    @Test
    void becomesAnotherUserWhereThereAreNoUserNamespaces() {
        assertThat(Way.choose(Way.ALL, probe -> probe.getFirst().equals("setpriv")))
                .isEqualTo(Way.NOBODY_USER);
    }

    @Test
    void saysWhatToDoWhereNothingWorks() {
        assertThatThrownBy(() -> Way.choose(Way.ALL, probe -> false))
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
