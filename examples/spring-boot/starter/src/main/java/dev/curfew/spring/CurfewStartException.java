package dev.curfew.spring;

import org.jspecify.annotations.Nullable;

/** Something of Curfew could not be made at the start; says what was wrong, and what to do about it. */
final class CurfewStartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String action;

    CurfewStartException(String message, String action, @Nullable Throwable cause) {
        super(message, cause);
        this.action = action;
    }

    /**
     * A property that is wrong.
     *
     * @param given what was found there, without anything of a secret
     */
    static CurfewStartException property(String name, String given, String wanted) {
        return property(name, given, wanted, null);
    }

    static CurfewStartException property(String name, String given, String wanted, @Nullable Throwable cause) {
        return new CurfewStartException(name + " is " + given + ".", "Set " + name + " to " + wanted + ".", cause);
    }

    String action() {
        return action;
    }
}
