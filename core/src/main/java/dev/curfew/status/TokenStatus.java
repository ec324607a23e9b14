package dev.curfew.status;

/** What an issuer's status list says of one token (Token Status List, section 7). */
public enum TokenStatus {
    /** It may be used. */
    VALID,
    /** It is revoked, for ever. */
    INVALID,
    /** It may not be used for now. */
    SUSPENDED,
    /** Something that the issuer and its own parties know the meaning of; it is not valid. */
    OTHER,
    /** Nothing is known: no statement means that it may not be used. */
    UNKNOWN;

    static TokenStatus of(int value) {
        return switch (value) {
            case 0 -> VALID;
            case 1 -> INVALID;
            case 2 -> SUSPENDED;
            default -> OTHER;
        };
    }

    /** {@return whether the token may be used; true of {@link #VALID} alone} */
    public boolean isUsable() {
        return this == VALID;
    }
}
