package org.colleaguesearch.web;

import java.io.IOException;
import java.util.Objects;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;

/**
 * Sends problem documents for requests that Tomcat itself refuses, such as a malformed request line. Tomcat's 501 and 505
 * become 400: the request is bad; the server has not failed. Stateless.
 */
class ProblemValve extends ErrorReportValve {
    private final Refusals refusals;

    ProblemValve(Refusals refusals) {
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
        try {
            ProblemException.of(status).send(response.getResponse());
            response.finishResponse();
            refusals.note(request.getRemoteAddr(), Objects.requireNonNullElse(request.getRequestURI(), ""), status);
        } catch (IOException e) {
            container.getLogger().debug("client disconnected", e);
        }
    }
}
