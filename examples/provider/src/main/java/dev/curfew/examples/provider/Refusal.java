package dev.curfew.examples.provider;

/** A request that is wrong in a way that only its sender can mend; the message is for them, and names no value. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Refusal(String message) {
        super(message, null, false, false);
    }
}
