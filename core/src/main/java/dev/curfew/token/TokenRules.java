package dev.curfew.token;

import dev.curfew.jose.Algorithm;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/**
 * What a policy demands of a token, whoever its issuer is and whatever its keys are. Immutable.
 *
 * @param algorithms that may be in {@code alg}
 * @param maxTokenLength in characters
 * @param audience for whom, and to whom
 * @param kind that it is an access token
 * @param naming what it names, and in which claims
 * @param times how its instants are judged
 * @param sharesRealm whether other issuers may have the same realm
 */
record TokenRules(
        Set<Algorithm> algorithms,
        int maxTokenLength,
        AudienceRule audience,
        KindRule kind,
        NamingRule naming,
        Times times,
        boolean sharesRealm) {
    TokenRules {
        algorithms = EnumSet.copyOf(algorithms);
    }

    /**
     * How instants are judged.
     *
     * @param beganAt by which one cut-offs judge
     * @param maxTokenLifetime from {@code iat} to {@code exp}, skew aside
     * @param skew how far the issuer's clock and ours may differ
     * @param longest from {@code iat} until nothing accepts a token; kept, because each request asks
     */
    record Times(BeganAt beganAt, Duration maxTokenLifetime, Duration skew, Duration longest) {
        Times(BeganAt beganAt, Duration maxTokenLifetime, Duration skew) {
            this(beganAt, maxTokenLifetime, skew, maxTokenLifetime.plus(skew));
        }
    }
}
