package dev.curfew;

import dev.curfew.revocation.Actor;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.store.OperationId;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why something is revoked, and by whom. Immutable.
 */
public final class RevocationCause {
    private final RevocationReason reason;
    private final Actor actor;
    private final @Nullable OperationId operation;

    private RevocationCause(RevocationReason reason, Actor actor, @Nullable OperationId operation) {
        this.reason = Objects.requireNonNull(reason, "reason");
        this.actor = Objects.requireNonNull(actor, "actor");
        this.operation = operation;
    }

    /**
     * A cause.
     *
     * @param reason why
     * @param actor by whom
     * @return the cause
     */
    public static RevocationCause of(RevocationReason reason, Actor actor) {
        return new RevocationCause(reason, actor, null);
    }

    /**
     * The subject's own wish.
     *
     * @param reason why
     * @return the cause
     */
    public static RevocationCause byUser(RevocationReason reason) {
        return of(reason, Actor.user());
    }

    /**
     * An administrator's act.
     *
     * @param reason why
     * @param administrator the host's reference to that person, at most 64 printable ASCII characters; it is stored
     * @return the cause
     */
    public static RevocationCause byAdmin(RevocationReason reason, String administrator) {
        return of(reason, Actor.admin(administrator));
    }

    /**
     * The same cause of a named act, so that repeating the call with the same name after a time-out changes nothing.
     *
     * @param name of the act
     * @return the cause
     */
    public RevocationCause named(OperationId name) {
        return new RevocationCause(reason, actor, Objects.requireNonNull(name, "operation"));
    }

    /** {@return why it is revoked} */
    public RevocationReason reason() {
        return reason;
    }

    /** {@return who revokes} */
    public Actor actor() {
        return actor;
    }

    /** {@return the name of the act, or nothing if each call is a new act} */
    public Optional<OperationId> operation() {
        return Optional.ofNullable(operation);
    }
}
