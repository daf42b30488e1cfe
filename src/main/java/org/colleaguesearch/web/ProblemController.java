package org.colleaguesearch.web;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.error.ErrorController;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/** Turns errors of Spring and Camel into problem documents, by status alone: messages are for the log. Stateless. */
@Controller
@ConditionalOnWebApplication
class ProblemController implements ErrorController {
    @RequestMapping("${server.error.path:/error}")
    void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        int status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer code
                ? code
                : HttpStatus.NOT_FOUND.value();
        problem(status, CheckedRequest.isIn(request)).send(response);
    }

    private static ProblemException problem(int status, boolean isChecked) {
        // Camel may stop while the request is checked.
        if (status == HttpStatus.NOT_FOUND.value() && isChecked) {
            return ProblemException.notRunning();
        }
        return ProblemException.of(status);
    }
}
