package dev.curfew.token;

import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.Realm;
import java.time.Duration;

/** What is demanded of the tokens of one issuer, or of each issuer of one pattern. Immutable. */
public sealed interface IssuerPolicy permits TokenPolicy, TenantPolicy {
    /**
     * The exact {@code iss} claim, or the pattern of it.
     *
     * @return the text as the host gave it
     */
    String issuer();

    /**
     * How far the issuer's clock and ours may differ.
     *
     * @return at most five minutes
     */
    Duration skew();

    /**
     * The longest time from {@code iat} to {@code exp}, skew aside.
     *
     * @return a positive duration
     */
    Duration maxTokenLifetime();

    /**
     * Whose session ids the tokens carry.
     *
     * @return what was declared
     */
    SessionIds sessionIds();

    /**
     * Whether other issuers may have the same realm, because they share subjects, token ids and session ids.
     *
     * @return what was declared
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
