package org.colleaguesearch.web;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.RequestDispatcher;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class ProblemControllerTest {
    private final MockHttpServletRequest request = new MockHttpServletRequest();
    private final MockHttpServletResponse response = new MockHttpServletResponse();

    @Test
    void answers503WithRetryAfterWhileRouteIsMissing() throws IOException {
        MatchedOperation matched = new ApiContract(List::of).match("GET", "/api/exports/%6Aob/result.csv");
        assertThat(new CheckedRequest(request, matched, Map.of(), null).getRequestURI())
                .isEqualTo("/api/exports/job/result.csv");

        answer(404);

        assertThat(response.getStatus()).isEqualTo(503);
        assertThat(response.getHeader("Retry-After")).isEqualTo("5");
    }

    @Test
    void describesStatusOnly() throws IOException {
        request.setAttribute(RequestDispatcher.ERROR_MESSAGE, "secret");

        answer(404);

        assertThat(response.getStatus()).isEqualTo(404);
        assertThat(response.getContentAsString())
                .isEqualTo(
                        "{\"type\":\"about:blank\",\"title\":\"Not Found\",\"status\":404,\"detail\":\"Not Found\"}");
    }

    @Test
    void describesUnknownStatus() throws IOException {
        answer(499);

        assertThat(response.getStatus()).isEqualTo(499);
        assertThat(response.getContentAsString()).contains("\"title\":\"Error\"");
    }

    private void answer(int status) throws IOException {
        request.setAttribute(RequestDispatcher.ERROR_STATUS_CODE, status);
        new ProblemController().answer(request, response);
    }
}
