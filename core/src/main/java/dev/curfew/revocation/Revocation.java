package dev.curfew.revocation;

import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The fact that a target may not be used any more; it is never undone, it only expires. Immutable.
 *
 * <p>{@link #covers} is the whole rule of this library. Revocations form a join-semilattice: {@link #join} is
 * commutative, associative and idempotent, so that duplicates and reordering are harmless, and joining never uncovers
 * what was covered.
 *
 * <p>All instants are whole milliseconds: {@code issuedBefore} and {@code forgetAfter} are rounded up, {@code
 * revokedAt} down.
 */
public final class Revocation {
    /** The end of time for stores: 9999-12-31T23:59:59.999Z fits every database's timestamp. */
    public static final Instant NEVER = Instant.ofEpochMilli(253_402_300_799_999L);

    private final RevocationTarget target;
    private final Instant issuedBefore;
    private final @Nullable ExemptSession exempt;
    private final RevocationReason reason;
    private final Actor actor;
    private final Instant revokedAt;
    private final Instant forgetAfter;

    private Revocation(Builder builder) {
        Instant at = Objects.requireNonNull(builder.revokedAt, "revokedAt");
        this.target = builder.target;
        this.issuedBefore = ceil(builder.issuedBefore == null ? at : builder.issuedBefore);
        this.exempt = builder.exempt;
        this.reason = builder.reason;
        this.actor = builder.actor;
        this.revokedAt = Instant.ofEpochMilli(at.toEpochMilli());
        this.forgetAfter = ceil(Objects.requireNonNull(builder.forgetAfter, "forgetAfter"));
    }

    /**
     * Starts a revocation.
     *
     * @param target what is revoked
     * @return a builder
     */
    public static Builder of(RevocationTarget target) {
        return new Builder(target);
    }

    /** {@return a builder with everything set, to change some of it} */
    public Builder toBuilder() {
        Builder builder = new Builder(target);
        builder.issuedBefore = issuedBefore;
        builder.exempt = exempt;
        builder.reason = reason;
        builder.actor = actor;
        builder.revokedAt = revokedAt;
        builder.forgetAfter = forgetAfter;
        return builder;
    }

    /**
     * The rule: whether a token or session may not be used because of this revocation.
     *
     * <p>Identity decides for a token, a session or a signing key. For a subject, client, realm or birth, whatever
     * began at or before {@code issuedBefore} is covered, unless its session is the exempt one. Facts without any
     * instant are covered by every cut-off. A foreign session that provably logged in again later is not covered.
     *
     * @param facts of a verified token, or of a stored session
     * @return true if it is revoked
     */
    public boolean covers(TokenFacts facts) {
        if (!target.names(facts)) {
            return false;
        }
        if (target.kind() == RevocationTarget.Kind.FOREIGN_SESSION) {
            return facts.instants().authenticatedBy(issuedBefore);
        }
        return !target.kind().isCutOff() || (facts.instants().beganBy(issuedBefore) && !isExempt(facts));
    }

    /**
     * Tells a person's way out: whether a new login at the foreign provider would lift the cover, so that the host
     * should send {@code prompt=login} (OpenID Connect Core §3.1.2.1).
     *
     * @param facts that this revocation covers
     * @return true if only {@code auth_time} is too old, or a foreign provider may use the session id again
     */
    public boolean isLiftedByReauthentication(TokenFacts facts) {
        if (!covers(facts)) {
            return false;
        }
        if (target.kind() == RevocationTarget.Kind.FOREIGN_SESSION) {
            return true;
        }
        return target.kind().isCutOff() && facts.instants().isIssuedAfterOldLogin(issuedBefore);
    }

    /**
     * Joins two revocations of the same target and exempt session into one that covers all that either covers.
     *
     * @param other with the same target and exempt session
     * @return the later {@code issuedBefore} and {@code forgetAfter}, with the earlier {@code revokedAt} and its reason
     *     and actor
     */
    public Revocation join(Revocation other) {
        if (!hasSameKey(other)) {
            throw new IllegalArgumentException("only revocations of the same target and exempt session join");
        }
        Revocation first = RecordedOrder.FIRST.compare(this, other) <= 0 ? this : other;
        return first.toBuilder()
                .issuedBefore(later(issuedBefore, other.issuedBefore))
                .forgetAfter(later(forgetAfter, other.forgetAfter))
                .build();
    }

    /**
     * Tells whether this revocation makes another one superfluous, now and as long as the other would last.
     *
     * @param other to be dropped
     * @return true if this one provably covers all that the other covers, and is not forgotten earlier
     */
    public boolean supersedes(Revocation other) {
        return target.equals(other.target)
                && !forgetAfter.isBefore(other.forgetAfter)
                && (!target.kind().dependsOnInstant() || !issuedBefore.isBefore(other.issuedBefore))
                && (exempt == null
                        || Objects.equals(exempt, other.exempt)
                        || exempt.began().filter(other.issuedBefore::isBefore).isPresent());
    }

    /**
     * Tells whether another one need not stand beside this one: this one supersedes it and, if each supersedes the
     * other, was recorded first.
     *
     * @param other to be dropped
     * @return true if this one stays
     */
    public boolean replaces(Revocation other) {
        return supersedes(other) && (!other.supersedes(this) || recordedFirst().compare(this, other) <= 0);
    }

    /**
     * The order in which revocations count as recorded: by {@link #revokedAt()}, ties by what is stored. Whoever names
     * the first of several, or answers them in order, uses this one.
     *
     * @return the one recorded first in front; equal only for equal entries
     */
    public static Comparator<Revocation> recordedFirst() {
        return RecordedOrder.FIRST;
    }

    /**
     * Tells whether two revocations join.
     *
     * @param other another
     * @return true if target and exempt session are the same
     */
    public boolean hasSameKey(Revocation other) {
        return target.equals(other.target) && Objects.equals(exempt, other.exempt);
    }

    /**
     * Tells whether it has done its work.
     *
     * @param now the instant of the operation
     * @return true from {@code forgetAfter} on: nothing that it covers can be valid any more
     */
    public boolean isForgotten(Instant now) {
        return !now.isBefore(forgetAfter);
    }

    /** {@return what is revoked} */
    public RevocationTarget target() {
        return target;
    }

    /**
     * {@return up to when a cut-off covers, inclusively, to the millisecond; for a foreign session, the last instant of
     * a login that it covers} For other targets it decides nothing.
     */
    public Instant issuedBefore() {
        return issuedBefore;
    }

    /** {@return the one session that a cut-off spares, if there is one} */
    public Optional<ExemptSession> exempt() {
        return Optional.ofNullable(exempt);
    }

    /** {@return why it was revoked} */
    public RevocationReason reason() {
        return reason;
    }

    /** {@return who revoked it} */
    public Actor actor() {
        return actor;
    }

    /** {@return when it was recorded first, to the millisecond} */
    public Instant revokedAt() {
        return revokedAt;
    }

    /**
     * {@return from when on nothing that it covers can be valid any more, to the millisecond; {@link #NEVER} for a
     * signing key and a birth}
     */
    public Instant forgetAfter() {
        return forgetAfter;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Revocation that
                && hasSameKey(that)
                && issuedBefore.equals(that.issuedBefore)
                && reason == that.reason
                && actor.equals(that.actor)
                && revokedAt.equals(that.revokedAt)
                && forgetAfter.equals(that.forgetAfter);
    }

    @Override
    public int hashCode() {
        return Objects.hash(target, exempt, issuedBefore, revokedAt);
    }

    /** Pseudonyms only. */
    @Override
    public String toString() {
        return "Revocation[" + target.kind() + " " + target.key() + " " + reason + " at " + revokedAt + "]";
    }

    private boolean isExempt(TokenFacts facts) {
        return exempt != null && exempt.key().equals(facts.sessionKey());
    }

    private static Instant later(Instant a, Instant b) {
        return a.isBefore(b) ? b : a;
    }

    private static Instant ceil(Instant instant) {
        if (!instant.isBefore(NEVER)) {
            return NEVER;
        }
        Instant floor = Instant.ofEpochMilli(instant.toEpochMilli());
        return floor.equals(instant) ? floor : floor.plusMillis(1);
    }

    /** Collects the parts of a {@link Revocation}. Confined to one thread. */
    public static final class Builder {
        private final RevocationTarget target;
        private @Nullable Instant issuedBefore;
        private @Nullable ExemptSession exempt;
        private RevocationReason reason = RevocationReason.POLICY;
        private Actor actor = Actor.system();
        private @Nullable Instant revokedAt;
        private @Nullable Instant forgetAfter;

        private Builder(RevocationTarget target) {
            this.target = Objects.requireNonNull(target, "target");
        }

        /**
         * Sets up to when a cut-off covers.
         *
         * @param value rounded up to the millisecond; {@code revokedAt} if not set
         * @return this
         */
        public Builder issuedBefore(Instant value) {
            this.issuedBefore = value;
            return this;
        }

        /**
         * Spares one session; only a cut-off can.
         *
         * @param value the session
         * @return this
         */
        public Builder exempt(ExemptSession value) {
            this.exempt = Objects.requireNonNull(value, "exempt");
            return this;
        }

        /**
         * Sets why and by whom.
         *
         * @param newReason the reason
         * @param newActor the actor
         * @return this
         */
        public Builder because(RevocationReason newReason, Actor newActor) {
            this.reason = Objects.requireNonNull(newReason, "reason");
            this.actor = Objects.requireNonNull(newActor, "actor");
            return this;
        }

        /**
         * Sets when it was recorded first.
         *
         * @param value rounded down to the millisecond
         * @return this
         */
        public Builder revokedAt(Instant value) {
            this.revokedAt = value;
            return this;
        }

        /**
         * Sets when nothing that it covers can be valid any more.
         *
         * @param value rounded up to the millisecond, at most {@link Revocation#NEVER}
         * @return this
         */
        public Builder forgetAfter(Instant value) {
            this.forgetAfter = value;
            return this;
        }

        /**
         * Makes the revocation.
         *
         * @return the value
         */
        public Revocation build() {
            if (exempt != null && !target.kind().isCutOff()) {
                throw new IllegalArgumentException("only a cut-off can spare a session");
            }
            return new Revocation(this);
        }
    }
}
