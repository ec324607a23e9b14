package dev.curfew.token;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an authentic message says, as its profile reads it. Immutable.
 *
 * @param id what tells it from all others of its issuer
 * @param times its instants
 * @param names whom it is about
 * @param event what happened, or null if its profile has no events
 */
record EventContent(
        String id, Times times, Names names, @Nullable EventBody event) {
    /**
     * Instants, each to the second.
     *
     * @param issuedAt when it was signed
     * @param expiresAt the claim {@code exp}, or null
     * @param happenedAt the claim {@code toe}, or null
     */
    record Times(
            Instant issuedAt,
            @Nullable Instant expiresAt,
            @Nullable Instant happenedAt) {}

    /**
     * Names.
     *
     * @param subject the claim {@code sub}, or null
     * @param sessionId the claim {@code sid}, or null
     * @param transaction the claim {@code txn}, or null
     * @param subjectIdentifier the claim {@code sub_id}, or null
     */
    record Names(
            @Nullable String subject,
            @Nullable String sessionId,
            @Nullable String transaction,
            @Nullable SubjectIdentifier subjectIdentifier) {}

    /** Shows nothing of what came. */
    @Override
    public String toString() {
        return "EventContent";
    }
}
