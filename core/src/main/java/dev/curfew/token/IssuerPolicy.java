package dev.curfew.token;

import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.Realm;
import java.time.Duration;

/** What is demanded of the tokens of one issuer, or of each issuer of one pattern. Immutable. */
public sealed interface IssuerPolicy permits TokenPolicy, TenantPolicy {
    /** {@return the exact {@code iss} claim, or the pattern of it, as the host gave it} */
    String issuer();

    /** {@return how far the issuer's clock and ours may differ, at most five minutes} */
    Duration skew();

    /** {@return the longest time from {@code iat} to {@code exp}, skew aside; positive} */
    Duration maxTokenLifetime();

    /** {@return whose session ids the tokens carry} */
    SessionIds sessionIds();

    /**
     * {@return whether other issuers may have the same realm, because they share subjects, token ids and session ids}
     */
    boolean sharesRealm();

    /**
     * Whether tokens name what a kind of revocation is about, so that it reaches them.
     *
     * @param kind of target
     * @return as declared by the settings
     */
    Naming naming(RevocationTarget.Kind kind);

    /**
     * Whether what these tokens name lies in a realm.
     *
     * @param realm any
     * @return true if a token that this policy accepts may be of it
     */
    boolean hasRealm(Realm realm);
}
