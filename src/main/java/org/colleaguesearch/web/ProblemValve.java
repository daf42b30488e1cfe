package org.colleaguesearch.web;

import java.io.IOException;
import java.util.Objects;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.springframework.http.HttpStatus;

/**
 * Makes a problem document of what Tomcat itself refuses, such as a malformed request line. Stateless. What it takes for
 * HTTP of a kind that it does not know (501 and 505), we take for a bad request: the server has not failed.
 */
class ProblemValve extends ErrorReportValve {
    private final Problems problems;
    private final Refusals refusals;

    ProblemValve(Problems problems, Refusals refusals) {
        this.problems = problems;
        this.refusals = refusals;
    }

    @Override
    protected void report(Request request, Response response, Throwable failure) {
        int status = response.getStatus();
        if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        if (status == 501 || status == 505) {
            status = 400;
        }
        HttpStatus known = HttpStatus.resolve(status);
        try {
            problems.answer(
                    response.getResponse(),
                    new ProblemException(status, known == null ? "this cannot be answered" : known.getReasonPhrase()));
            response.finishResponse();
            refusals.note(request.getRemoteAddr(), Objects.requireNonNullElse(request.getRequestURI(), ""), status);
        } catch (IOException e) {
            container.getLogger().debug("the client has gone", e);
        }
    }
}
