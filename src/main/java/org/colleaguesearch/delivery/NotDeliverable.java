package org.colleaguesearch.delivery;

/** A run cannot be delivered, now or later, and has failed. The message is the reason in one line. */
public class NotDeliverable extends RuntimeException {
    public NotDeliverable(String message) {
        super(message);
    }
}
