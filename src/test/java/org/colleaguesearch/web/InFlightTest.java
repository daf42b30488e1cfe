package org.colleaguesearch.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class InFlightTest {
    private final InFlight inFlight = new InFlight(10);

    @Test
    void requestTakesOnePlaceAndAnotherPerBlockOfMemory() {
        InFlight.Request request = inFlight.begin("a");
        assertThat(inFlight.free()).isEqualTo(9);
        request.take(InFlight.BLOCK - 1);
        assertThat(inFlight.free()).isEqualTo(9);
        request.take(1);
        assertThat(inFlight.free()).isEqualTo(8);
        request.take(2L * InFlight.BLOCK);
        assertThat(inFlight.free()).isEqualTo(6);

        request.end();
        request.end();
        assertThat(inFlight.free()).isEqualTo(10);
    }

    @Test
    void keyGetsAtMostHalfOfThePlaces() {
        List<InFlight.Request> requests = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            requests.add(inFlight.begin("a"));
        }
        assertStatus(() -> inFlight.begin("a"), 429);
        inFlight.begin("b").take(4L * InFlight.BLOCK);
        assertStatus(() -> inFlight.begin("c"), 503);

        requests.get(0).end();
        inFlight.begin("a").end();
        inFlight.begin("c").end();
    }

    @Test
    void refusedRequestKeepsItsPlacesUntilItEnds() {
        InFlight.Request request = inFlight.begin("a");
        request.take(InFlight.BLOCK);
        assertStatus(() -> request.take(100L * InFlight.BLOCK), 413);
        assertThat(inFlight.free()).isEqualTo(8);
        request.end();
        assertThat(inFlight.free()).isEqualTo(10);
        for (int i = 0; i < 5; i++) {
            inFlight.begin("a");
        }
    }

    @Test
    void errorDuringResponseReleasesPlace() {
        MockHttpServletRequest request = new MockHttpServletRequest("GET", "/api/autosuggest");
        request.setAttribute(CheckedRequest.CALLER, "a");
        ContractFilter filter = new ContractFilter(
                () -> true, inFlight, new Checks(new ApiContract(List::of), 1000, Duration.ofSeconds(1)));

        assertThatThrownBy(() -> filter.doFilter(request, new MockHttpServletResponse(), (checked, response) -> {
                    assertThat(inFlight.free()).isEqualTo(9);
                    throw new OutOfMemoryError("in a test");
                }))
                .isInstanceOf(OutOfMemoryError.class);
        assertThat(inFlight.free()).isEqualTo(10);
    }

    @Test
    void errorDuringChecksReleasesPlace() {
        MockHttpServletRequest request = new MockHttpServletRequest("GET", "/api/autosuggest") {
            @Override
            public String getQueryString() {
                throw new OutOfMemoryError("in a test");
            }
        };
        request.setAttribute(CheckedRequest.CALLER, "a");
        ContractFilter filter = new ContractFilter(
                () -> true, inFlight, new Checks(new ApiContract(List::of), 1000, Duration.ofSeconds(1)));

        assertThatThrownBy(() -> filter.doFilter(request, new MockHttpServletResponse(), (checked, response) -> {}))
                .isInstanceOf(OutOfMemoryError.class);
        assertThat(inFlight.free()).isEqualTo(10);
    }

    private static void assertStatus(ThrowingCallable call, int status) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.getStatusCode().value()).isEqualTo(status));
    }
}
