package org.colleaguesearch.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class ContractFilterTest {
    @Test
    void noRequestReachesCamelBeforeItHasStarted() throws Exception {
        InFlight inFlight = new InFlight(10);
        ContractFilter filter = new ContractFilter(
                () -> false, inFlight, new Checks(new ApiContract(List::of), 1_000_000, Duration.ofSeconds(1)));
        MockHttpServletResponse response = new MockHttpServletResponse();
        MockFilterChain next = new MockFilterChain();

        filter.doFilter(new MockHttpServletRequest("GET", "/api/indexers"), response, next);

        assertThat(response.getStatus()).isEqualTo(503);
        assertThat(response.getHeader("Retry-After")).isEqualTo("5");
        assertThat(next.getRequest()).isNull();
        assertThat(inFlight.free()).isEqualTo(10);
    }
}
