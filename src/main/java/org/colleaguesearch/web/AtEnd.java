package org.colleaguesearch.web;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;

/**
 * Runs an action when the response to a request is complete, which may be after its thread has returned, or when the
 * request fails, even with an Error.
 */
final class AtEnd implements AsyncListener {
    /** The rest of the filter chain. */
    interface Rest {
        void run() throws IOException, ServletException;
    }

    private final Runnable action;

    private AtEnd(Runnable action) {
        this.action = action;
    }

    static void of(HttpServletRequest request, Rest rest, Runnable action) throws IOException, ServletException {
        boolean isLater = false;
        try {
            rest.run();
            if (request.isAsyncStarted()) {
                request.getAsyncContext().addListener(new AtEnd(action));
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
        // A new context forgets its listeners.
        event.getAsyncContext().addListener(this);
    }
}
