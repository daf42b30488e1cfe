package org.colleaguesearch.delivery;

/** What a run fetches cannot be delivered, now or later: the run has failed. The message is the reason, in one line. */
public class NotDeliverable extends RuntimeException {
    public NotDeliverable(String message) {
        super(message);
    }
}
