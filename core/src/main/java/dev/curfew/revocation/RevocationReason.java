package dev.curfew.revocation;

import java.util.Optional;

/** Why something was revoked. The codes are stored and never change their meaning. */
public enum RevocationReason {
    /** The user logged out of the current session. */
    USER_LOGOUT(1),
    /** The user ended another session of theirs. */
    REVOKED_BY_USER(2),
    /** An administrator ended it. */
    REVOKED_BY_ADMIN(3),
    /** A new session took its place. */
    REPLACED(4),
    /** It was the oldest when a login reached the limit. */
    LIMIT_EXCEEDED(5),
    /** A password or another factor changed. */
    CREDENTIAL_CHANGED(6),
    /** The account was disabled or deleted. */
    ACCOUNT_DISABLED(7),
    /** A refresh token was used twice. */
    TOKEN_REUSE(8),
    /** The identity provider ended the session. */
    BACKCHANNEL_LOGOUT(9),
    /** A rule of the host demanded it. */
    POLICY(10),
    /** A signing key is not trusted any more. */
    KEY_COMPROMISED(11),
    /** It is older than the store, which cannot know whether it was revoked. */
    STORE_CREATED(12),
    /** An attack was suspected. */
    SUSPICIOUS_ACTIVITY(13),
    /** Nobody revoked it: its time was over, or that of its session. Never stored. */
    EXPIRED(14);

    private static final RevocationReason[] ALL = values();

    private final int code;

    RevocationReason(int code) {
        this.code = code;
    }

    /** {@return the number that stores write, 1 to 127} */
    public int code() {
        return code;
    }

    /**
     * Reads a stored number.
     *
     * @param code what was stored
     * @return the reason, or nothing if a newer version wrote it
     */
    public static Optional<RevocationReason> ofCode(int code) {
        for (RevocationReason reason : ALL) {
            if (reason.code == code) {
                return Optional.of(reason);
            }
        }
        return Optional.empty();
    }
}
