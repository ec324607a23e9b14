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
    /** Copies the methods. */
    public Evidence {
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(acr, "acr");
        amr = Set.copyOf(amr);
    }
}
