package org.colleaguesearch.web;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;

/**
 * Runs an action when the response is complete, which for an asynchronous request is after its thread returned, or when
 * the request fails, even with an Error.
 */
final class ResponseCompletion implements AsyncListener {
    /** The rest of the filter chain. */
    interface Rest {
        void run() throws IOException, ServletException;
    }

    private final Runnable action;

    private ResponseCompletion(Runnable action) {
        this.action = action;
    }

    static void of(HttpServletRequest request, Rest rest, Runnable action) throws IOException, ServletException {
        boolean isLater = false;
        try {
            rest.run();
            if (request.isAsyncStarted()) {
                request.getAsyncContext().addListener(new ResponseCompletion(action));
                isLater = true;
            }
        } finally {
            if (!isLater) {
                action.run();
            }
        }
    }

    @Override
    public void onComplete(AsyncEvent event) {
        action.run();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        // onComplete follows.
    }

    @Override
    public void onError(AsyncEvent event) {
        // onComplete follows.
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // A new context drops its listeners.
        event.getAsyncContext().addListener(this);
    }
}
