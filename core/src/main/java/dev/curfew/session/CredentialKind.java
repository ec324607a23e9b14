package dev.curfew.session;

/** What a secret credential of a session is for. Each kind opens only what it is for. */
public enum CredentialKind {
    /** Proves, with each request, whose session it is. */
    SESSION_TOKEN("cfs1_"),

    /** Is exchanged for a new access token, and for its own successor. */
    REFRESH_TOKEN("cfr1_");

    private final String prefix;

    CredentialKind(String prefix) {
        this.prefix = prefix;
    }

    /**
     * How the text of such a credential begins, so that the kind and the version of its form are known without a
     * look-up, and scanners find what has leaked.
     *
     * @return five ASCII characters
     */
    public String prefix() {
        return prefix;
    }
}
