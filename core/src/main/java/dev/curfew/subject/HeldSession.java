package dev.curfew.subject;

import dev.curfew.session.Session;
import java.util.Objects;
import java.util.Optional;

/**
 * A session as it is held, live or ended, without any secret. Immutable.
 *
 * @param session all that is held: device, label, attributes, client, scopes, evidence, the kind of its credential and
 *     the sender's key, and its times
 * @param isReadable whether device, label, attributes, client and all else that is encrypted could be read; if not, the
 *     session has its handle and its times only, and can be ended all the same
 * @param end how it has ended, or nothing while it lives
 */
public record HeldSession(Session session, boolean isReadable, Optional<SessionEnd> end) {
    /** Checks that nothing is missing. */
    public HeldSession {
        Objects.requireNonNull(session, "session");
        Objects.requireNonNull(end, "end");
    }
}
