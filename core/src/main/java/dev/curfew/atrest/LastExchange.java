package dev.curfew.atrest;

import dev.curfew.crypto.SecretHash;
import dev.curfew.refresh.RetryRule;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Objects;

/** The exchange that made a credential's current secret, so that one whose answer was lost can be told. Immutable. */
public final class LastExchange {
    /** The size of a salt in bytes. */
    public static final int SALT_BYTES = 32;

    /** The size of the tag of an attempt key in bytes. */
    public static final int TAG_BYTES = 8;

    private static final byte[] NONE = {};

    private final SecretHash previous;
    private final Instant at;
    private final RetryRule rule;
    private final boolean isRenewal;
    private final byte[] salt;
    private final byte[] attemptTag;

    private LastExchange(
            SecretHash previous, Instant at, RetryRule rule, boolean isRenewal, byte[] salt, byte[] attemptTag) {
        this.previous = Objects.requireNonNull(previous, "previous");
        this.at = Instant.ofEpochMilli(at.toEpochMilli());
        this.rule = Objects.requireNonNull(rule, "rule");
        this.isRenewal = isRenewal;
        this.salt = requireSize(salt, SALT_BYTES);
        this.attemptTag = requireSize(attemptTag, TAG_BYTES);
    }

    /** A refresh that nobody can repeat. */
    public static LastExchange of(SecretHash previous, Instant at, RetryRule rule) {
        return new LastExchange(previous, at, rule, false, NONE, NONE);
    }

    /** The same whose successor can be derived once more, with the salt. */
    public LastExchange withSalt(byte[] value) {
        return new LastExchange(previous, at, rule, isRenewal, value.clone(), attemptTag);
    }

    /** The same, which remembers the attempt key by its tag. */
    public LastExchange withAttemptTag(byte[] value) {
        return new LastExchange(previous, at, rule, isRenewal, salt, value.clone());
    }

    /** The same as a renewal: whoever comes late with what it exchanged is refused, and ends nothing. */
    public LastExchange asRenewal() {
        return new LastExchange(previous, at, rule, true, salt, attemptTag);
    }

    /** Whether the session's own client renewed it, because of what the session may do. */
    public boolean isRenewal() {
        return isRenewal;
    }

    /** The hash of the secret that was exchanged. */
    public SecretHash previous() {
        return previous;
    }

    /** When, to the millisecond, by the clock of the node that did it. */
    public Instant at() {
        return at;
    }

    /** Who gets the successor again; fixed with the exchange. */
    public RetryRule rule() {
        return rule;
    }

    /** A copy of what the successor was derived with; no bytes if it was drawn. */
    public byte[] salt() {
        return salt.clone();
    }

    /** A copy of the tag of the attempt key; no bytes if there was none. */
    public byte[] attemptTag() {
        return attemptTag.clone();
    }

    /** Whether a tag is that of the attempt key; in constant time. */
    public boolean isOfAttempt(byte[] tag) {
        return attemptTag.length != 0 && MessageDigest.isEqual(attemptTag, tag);
    }

    private static byte[] requireSize(byte[] value, int size) {
        if (value.length != 0 && value.length != size) {
            throw new IllegalArgumentException("has " + value.length + " bytes in place of " + size);
        }
        return value;
    }
}
