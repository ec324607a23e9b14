package dev.curfew.store;

import dev.curfew.revocation.Actor;
import dev.curfew.revocation.ExemptSession;
import dev.curfew.revocation.LoginOrder;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.LookupKey;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A revocation that is asked for, before a store's atomic step fixes its instants. Immutable.
 */
public final class RevocationRequest {
    /** Of entries that no act is asked for. */
    private static final OperationId UNREPEATED = new OperationId(0, 0);

    private final RevocationTarget target;
    private final OperationId operation;
    private final RevocationReason reason;
    private final Actor actor;
    private final @Nullable ExemptSession exempt;
    private final @Nullable Instant issuedBefore;
    private final @Nullable Instant forgetAfter;
    private final List<RevocationTarget> coarser;
    private final @Nullable Revocation fixed;

    private RevocationRequest(Builder builder) {
        this.target = builder.target;
        this.operation = builder.operation;
        this.reason = builder.reason;
        this.actor = builder.actor;
        this.exempt = builder.exempt;
        this.issuedBefore = builder.issuedBefore;
        this.forgetAfter = builder.forgetAfter;
        this.coarser = builder.coarser;
        this.fixed = builder.fixed;
    }

    /**
     * Starts a request.
     *
     * @param target what is to be revoked
     * @param operation the name of this act; a repeat uses the same
     * @return a builder
     */
    public static Builder of(RevocationTarget target, OperationId operation) {
        return new Builder(target, operation);
    }

    /**
     * What a store records, once its atomic step knows all that counts.
     *
     * @param now the instant of the operation
     * @param settings of the store
     * @param newestApplicable for a cut-off that means "now", the newest instant that it must lie behind: cut-offs that
     *     may have pushed a login ahead (for a subject: of itself, its realm, any client of the realm and the births;
     *     for a client or realm: of any target of the realm and the births), and the {@code authenticatedAt} of the
     *     subject's stored sessions other than the exempt one; for a foreign session whose row nobody has read, the
     *     newest cut-off that may have pushed its login ahead, and the epoch if it is known that there is no row
     * @param row the session that is the target, if it stands in the store
     * @return the revocation
     */
    public Revocation fix(Instant now, StoreSettings settings, Instant newestApplicable, Optional<StoredSession> row) {
        return fix(now, now, settings, newestApplicable, row);
    }

    /**
     * The same in a store whose server has a clock of its own: what means "now" takes the later of both.
     *
     * @param now the instant of the operation
     * @param clock what the server's clock says
     * @param settings of the store
     * @param newestApplicable as above
     * @param row the session that is the target, if it stands in the store
     * @return the revocation; {@code revokedAt} is the instant of the operation
     */
    public Revocation fix(
            Instant now, Instant clock, StoreSettings settings, Instant newestApplicable, Optional<StoredSession> row) {
        if (fixed != null) {
            return fixed;
        }
        Instant latest = now.isBefore(clock) ? clock : now;
        Instant remembered = forgetAfter == null ? now.plus(settings.retention()) : forgetAfter;
        Revocation.Builder revocation =
                Revocation.of(target).because(reason, actor).revokedAt(now);
        if (exempt != null) {
            revocation.exempt(exempt);
        }
        switch (target.kind()) {
            case TOKEN -> revocation.forgetAfter(remembered);
            case SESSION ->
                revocation.forgetAfter(row.map(StoredSession::forgetAfter).orElse(remembered));
            case FOREIGN_SESSION, SUBJECT, CLIENT, REALM -> {
                Instant until = until(latest, settings, newestApplicable, row);
                Instant kept = until.isBefore(now) ? now : until;
                revocation
                        .issuedBefore(until)
                        .forgetAfter(forgetAfter == null ? kept.plus(settings.retention()) : forgetAfter);
            }
            case SIGNING_KEY -> revocation.forgetAfter(Revocation.NEVER);
            case BIRTH -> throw new IllegalArgumentException("a birth is not revoked, it is created");
        }
        return revocation.build();
    }

    /** A login that a cut-off has pushed ahead may have begun later than this node's "now". */
    private static Instant endOf(Optional<StoredSession> row, Instant byClocks, Instant newestApplicable) {
        Instant began = row.map(StoredSession::authenticatedAt)
                .orElseGet(() -> LoginOrder.authenticatedAt(Instant.EPOCH, newestApplicable));
        return byClocks.isBefore(began) ? began : byClocks;
    }

    private Instant until(
            Instant latest, StoreSettings settings, Instant newestApplicable, Optional<StoredSession> row) {
        if (issuedBefore != null) {
            return issuedBefore;
        }
        return target.kind().isCutOff()
                ? LoginOrder.cutOffNow(latest, settings.nodeSkew(), newestApplicable)
                : endOf(row, latest.plus(settings.nodeSkew()), newestApplicable);
    }

    /**
     * Tells whether what stands in the store makes recording superfluous.
     *
     * @param standing an entry
     * @param fixed what {@link #fix} made of this request
     * @param now the instant of the operation
     * @return true if the entry covers as much and is remembered as long, or if it is one for the same token, session
     *     of ours or signing key and this request says no end of its own
     */
    public boolean isDoneBy(Revocation standing, Revocation fixed, Instant now) {
        return standing.supersedes(fixed)
                || isDoneByName() && standing.target().equals(target) && !standing.isForgotten(now);
    }

    /**
     * Tells whether any entry of the same target, as long as it is not forgotten, makes recording superfluous.
     *
     * @return true for a token, a session of ours or a signing key, if this request says no end of its own
     */
    public boolean isDoneByName() {
        return !target.kind().dependsOnInstant() && forgetAfter == null;
    }

    /**
     * Tells whether the store's step fixes the instant up to which it covers.
     *
     * @return true for a cut-off or a foreign session without an instant of its own, unless it is {@linkplain #fixedAs
     *     fixed}
     */
    public boolean meansNow() {
        return fixed == null && issuedBefore == null && target.kind().dependsOnInstant();
    }

    /**
     * What ends a session that is one too many for its subject.
     *
     * @param oldest the row of the session
     * @param now the instant of the login
     * @param settings of the store
     * @return the entry; the same for a repeat of the login at the same instant
     */
    public static Revocation overLimit(StoredSession oldest, Instant now, StoreSettings settings) {
        return byLogin(oldest, RevocationReason.LIMIT_EXCEEDED, now, settings);
    }

    /**
     * What ends a session whose place a new one takes, see {@link NewSession#replaces}.
     *
     * @param old the row of the session
     * @param now the instant of the login
     * @param settings of the store
     * @return the entry; the same for a repeat of the login at the same instant
     */
    public static Revocation replaced(StoredSession old, Instant now, StoreSettings settings) {
        return byLogin(old, RevocationReason.REPLACED, now, settings);
    }

    private static Revocation byLogin(StoredSession row, RevocationReason reason, Instant now, StoreSettings settings) {
        return of(row.target(), UNREPEATED)
                .because(reason, Actor.system())
                .build()
                .fix(now, settings, Instant.EPOCH, Optional.of(row));
    }

    /**
     * The birth marker of a partition: everything older than the store is covered, unless the host trusts it.
     *
     * @param partition its number
     * @param partitions how many there are
     * @param now the instant of the step that creates it
     * @param settings of the store
     * @return the marker
     */
    public static Revocation birth(int partition, int partitions, Instant now, StoreSettings settings) {
        return Revocation.of(RevocationTarget.birth(partition, partitions))
                .because(RevocationReason.STORE_CREATED, Actor.system())
                .issuedBefore(settings.trustsOlderTokens() ? Instant.EPOCH : now.plus(settings.nodeSkew()))
                .revokedAt(now)
                .forgetAfter(Revocation.NEVER)
                .build();
    }

    /**
     * The same act upon a coarser target, for a bounded store that has no room for a finer one.
     *
     * @param coarserTarget one of {@link #coarser()}
     * @return a request that covers as much: up to the same instant, also if that was {@linkplain #fixedAs fixed}, or
     *     up to "now"; it spares no session unless this one did, and names what is coarser still
     */
    public RevocationRequest on(RevocationTarget coarserTarget) {
        Builder builder = new Builder(this, coarserTarget);
        builder.exempt = coarserTarget.kind().isCutOff() ? exempt : null;
        // A foreign session covers what says no instant, whenever it was issued: only "now" covers as much.
        builder.issuedBefore = target.kind().isCutOff() ? ownInstant() : null;
        builder.forgetAfter = null;
        builder.fixed = null;
        builder.coarser = List.copyOf(coarser.subList(coarser.indexOf(coarserTarget) + 1, coarser.size()));
        return builder.build();
    }

    private @Nullable Instant ownInstant() {
        return fixed == null ? issuedBefore : fixed.issuedBefore();
    }

    /**
     * The same act under the same name, whose instants are fixed already: what a node records in the end for a call
     * that its store did not answer. {@link #fix} then answers this entry, whatever stands in the store. A store
     * remembers the act also if a later cut-off makes the entry superfluous: else a repeat of the act would be a new
     * one, and end what began since.
     *
     * @param entry what {@link #fix} made of this request on the node
     * @return the request to record
     */
    public RevocationRequest fixedAs(Revocation entry) {
        Builder builder = new Builder(this, target);
        builder.fixed = entry;
        return builder.build();
    }

    /**
     * What tells this act from any other: its name together with all that it asks for, so that one name given to
     * several acts does not make them one.
     *
     * @return the key under which a store remembers what the act did
     */
    public LookupKey act() {
        return LookupKey.of(
                "act",
                Long.toHexString(operation.high()),
                Long.toHexString(operation.low()),
                target.toString(),
                exempt == null ? "" : exempt.key().toString(),
                issuedBefore == null ? "now" : issuedBefore.toString());
    }

    /** {@return what is to be revoked} */
    public RevocationTarget target() {
        return target;
    }

    /** {@return the name of this act, the same for each repeat} */
    public OperationId operation() {
        return operation;
    }

    /** {@return why} */
    public RevocationReason reason() {
        return reason;
    }

    /** {@return who revokes} */
    public Actor actor() {
        return actor;
    }

    /** {@return the session that a cut-off spares, if there is one} */
    public Optional<ExemptSession> exempt() {
        return Optional.ofNullable(exempt);
    }

    /** {@return up to when a cut-off covers, or the last login of a foreign session that ends, or nothing for "now"} */
    public Optional<Instant> issuedBefore() {
        return Optional.ofNullable(issuedBefore);
    }

    /** {@return the entry to record verbatim ({@link #fixedAs}), or nothing if the store's step fixes the instants} */
    public Optional<Revocation> fixed() {
        return Optional.ofNullable(fixed);
    }

    /** {@return what may be revoked instead, for want of room, from finer to coarser; each covers at least as much} */
    public List<RevocationTarget> coarser() {
        return coarser;
    }

    /** Collects the parts of a {@link RevocationRequest}. Confined to one thread. */
    public static final class Builder {
        private final RevocationTarget target;
        private final OperationId operation;
        private RevocationReason reason = RevocationReason.POLICY;
        private Actor actor = Actor.system();
        private @Nullable ExemptSession exempt;
        private @Nullable Instant issuedBefore;
        private @Nullable Instant forgetAfter;
        private List<RevocationTarget> coarser = List.of();
        private @Nullable Revocation fixed;

        private Builder(RevocationTarget target, OperationId operation) {
            this.target = Objects.requireNonNull(target, "target");
            this.operation = Objects.requireNonNull(operation, "operation");
        }

        private Builder(RevocationRequest from, RevocationTarget target) {
            this(target, from.operation);
            this.reason = from.reason;
            this.actor = from.actor;
            this.exempt = from.exempt;
            this.issuedBefore = from.issuedBefore;
            this.forgetAfter = from.forgetAfter;
            this.coarser = from.coarser;
            this.fixed = from.fixed;
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
         * Spares one session of a cut-off.
         *
         * @param value the session
         * @return this
         */
        public Builder exempt(ExemptSession value) {
            this.exempt = Objects.requireNonNull(value, "exempt");
            return this;
        }

        /**
         * Sets the instant of a cut-off, or of what ends a foreign session, in place of "now".
         *
         * @param value up to when it covers, inclusively; of a foreign session, by {@code auth_time}: the provider's
         *     own word, so that a message that comes late or again ends no later login
         * @return this
         */
        public Builder issuedBefore(Instant value) {
            this.issuedBefore = Objects.requireNonNull(value, "issuedBefore");
            return this;
        }

        /**
         * Sets until when the revocation must be remembered: of a token, of a session of ours without a row, or of what
         * names its {@link #issuedBefore}.
         *
         * @param value for a token, its {@code exp} and the skew of token times; for a session, its absolute end, the
         *     longest token life and that skew; for a cut-off or a foreign session, when whatever it covers has ended
         *     in another way. The retention counts if this is not set
         * @return this
         */
        public Builder forgetAfter(Instant value) {
            this.forgetAfter = Objects.requireNonNull(value, "forgetAfter");
            return this;
        }

        /**
         * Sets what may be revoked instead, for want of room.
         *
         * @param targets from finer to coarser, each covering at least as much
         * @return this
         */
        public Builder coarser(List<RevocationTarget> targets) {
            this.coarser = List.copyOf(targets);
            return this;
        }

        /**
         * Makes the request.
         *
         * @return the value
         */
        public RevocationRequest build() {
            if (exempt != null && !target.kind().isCutOff()) {
                throw new IllegalArgumentException("only a cut-off can spare a session");
            }
            if (forgetAfter != null && issuedBefore == null && target.kind().dependsOnInstant()) {
                throw new IllegalArgumentException(
                        "forgetAfter of what means \"now\" is the store's to say: name issuedBefore too");
            }
            return new RevocationRequest(this);
        }
    }
}
