package dev.curfew.session;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * How and when a person last proved who they are. Immutable.
 *
 * @param at when
 * @param acr the class of the proof, as the {@code acr} claim names it
 * @param amr the methods, as the {@code amr} claim names them; empty if unknown
 */
public record Evidence(Instant at, Optional<String> acr, Set<String> amr) {
    /** The most methods that a session keeps. */
    public static final int MAX_METHODS = 32;

    /** The most characters of the class, and of each method, that a session keeps. */
    public static final int MAX_LENGTH = 256;

    /** Copies the methods. */
    public Evidence {
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(acr, "acr");
        amr = Set.copyOf(amr);
    }

    /**
     * A proof of which nothing is known but when it was.
     *
     * @param at when
     * @return evidence without class and methods
     */
    public static Evidence at(Instant at) {
        return new Evidence(at, Optional.empty(), Set.of());
    }

    /**
     * What a session keeps of it.
     *
     * @return the same evidence, its instant cut to the millisecond
     * @throws InvalidIdentifierException if no session could keep it: too many methods, a class or method that is
     *     empty, longer than {@link #MAX_LENGTH} characters or not well-formed Unicode, or an instant some 300 million
     *     years away
     */
    public Evidence requireStorable() {
        acr.ifPresent(text -> Identifiers.require(text, MAX_LENGTH, "acr"));
        Identifiers.requireAll(amr, MAX_METHODS, MAX_LENGTH, "amr");
        try {
            return new Evidence(Instant.ofEpochMilli(at.toEpochMilli()), acr, amr);
        } catch (ArithmeticException e) {
            throw new InvalidIdentifierException("instant of evidence is out of the range that a store can keep");
        }
    }

    /** The instant alone. */
    @Override
    public String toString() {
        return "Evidence[" + at + "]";
    }
}
