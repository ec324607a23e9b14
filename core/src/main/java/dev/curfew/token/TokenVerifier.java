package dev.curfew.token;

import dev.curfew.event.Meter;
import dev.curfew.token.InvalidTokenException.Reason;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether a text is an access token of a known issuer. Thread-safe.
 *
 * <p>The order is: form, signature, issuer, audience, type, times. A text that fails is refused with an
 * {@link InvalidTokenException}, and has cost no call to any store. Whether the token is revoked is not asked here, nor
 * whether its bearer holds the key that a {@code cnf} claim may bind it to.
 *
 * <p>With several policies the {@code iss} claim chooses among them, and only that issuer's keys are tried.
 */
public final class TokenVerifier {
    private final List<IssuerVerifier> issuers;
    private final Clock clock;
    private final @Nullable VerifiedTokenCache cache;
    private final int maxTokenLength;
    private final VerifierMeters meters = new VerifierMeters();

    TokenVerifier(List<TokenPolicy> policies, Clock clock, int cacheEntries) {
        this.issuers = policies.stream().map(IssuerVerifier::new).toList();
        this.clock = clock;
        this.cache = cacheEntries == 0 ? null : new VerifiedTokenCache(cacheEntries);
        this.maxTokenLength =
                policies.stream().mapToInt(TokenPolicy::maxTokenLength).max().orElseThrow();
    }

    /**
     * Makes a verifier with the system's clock and the default cache.
     *
     * @param policy of an issuer
     * @param more of other issuers, in other realms
     * @return the verifier
     * @throws IllegalArgumentException if two policies have the same issuer or the same realm
     */
    public static TokenVerifier of(TokenPolicy policy, TokenPolicy... more) {
        return builder(policy, more).build();
    }

    /**
     * Starts a verifier.
     *
     * @param policy of an issuer
     * @param more of other issuers, in other realms
     * @return a builder
     */
    public static TokenVerifierBuilder builder(TokenPolicy policy, TokenPolicy... more) {
        return new TokenVerifierBuilder(policy, more);
    }

    /**
     * Verifies a token for use.
     *
     * @param compact the text, without {@code Bearer}
     * @return the evidence
     * @throws InvalidTokenException if it is not an authentic token within its times
     * @throws KeysUnavailableException if the issuer's keys cannot be had
     */
    public VerifiedToken verify(String compact) {
        return counted(() -> {
            AuthenticToken token = judge(compact, clock.instant());
            if (token instanceof VerifiedToken verified) {
                return verified;
            }
            throw expired();
        });
    }

    /**
     * Verifies a token for logout, which an expired one may still ask for.
     *
     * @param compact the text, without {@code Bearer}
     * @return the evidence: usable, or expired and good for nothing but logout
     * @throws InvalidTokenException if it is not authentic, or its time has not come
     * @throws KeysUnavailableException if the issuer's keys cannot be had
     */
    public AuthenticToken verifyForLogout(String compact) {
        return counted(() -> judge(compact, clock.instant()));
    }

    /**
     * <b>Believes the caller that the signature is right</b>, and checks everything else again: form, algorithm, type,
     * issuer, audience, times, session id. For hosts whose framework verified this very text a moment ago. Passing a
     * text whose signature nobody verified lets everybody be anybody.
     *
     * @param compact the text whose signature was verified with a key of the policy's issuer
     * @param signingKey the RFC 7638 thumbprint of that key. If the framework does not tell it, any constant name: then
     *     a revocation of a signing key covers these tokens only under that name
     * @return the evidence
     * @throws InvalidTokenException if anything but the signature is wrong
     */
    public VerifiedToken alreadyVerified(String compact, String signingKey) {
        Instant now = clock.instant();
        return counted(() -> {
            ParsedToken token = parse(compact);
            return usable(issuer(token.claims()).checkUnsigned(token, requireName(signingKey)), now);
        });
    }

    /**
     * <b>Believes the caller that the signature, the algorithm and the type are right</b>, and checks issuer, audience,
     * times and session id again. For hosts whose framework verified the token and keeps only its claims; prefer
     * {@link #alreadyVerified(String, String)}, which leaves less to belief. Passing claims that nobody verified lets
     * everybody be anybody.
     *
     * @param claims of the token, with {@code jti}; instants are numbers of seconds, or Instant, or Date
     * @param signingKey as for the other method
     * @return the evidence
     * @throws InvalidTokenException if a claim is wrong, or there is no {@code jti} to tell the token by
     */
    public VerifiedToken alreadyVerified(Map<String, ? extends @Nullable Object> claims, String signingKey) {
        Instant now = clock.instant();
        Map<String, @Nullable Object> copy = Collections.unmodifiableMap(new LinkedHashMap<>(claims));
        return counted(() -> usable(issuer(copy).checkClaims(copy, requireName(signingKey)), now));
    }

    /**
     * The policy, if there is but one.
     *
     * @return the policy
     * @throws IllegalStateException if there are several
     */
    public TokenPolicy policy() {
        if (issuers.size() > 1) {
            throw new IllegalStateException("this verifier has several policies: call policies()");
        }
        return issuers.get(0).policy();
    }

    /**
     * All policies.
     *
     * @return as they were given
     */
    public List<TokenPolicy> policies() {
        return issuers.stream().map(IssuerVerifier::policy).toList();
    }

    /**
     * What this verifier was given and found: {@code curfew.verifier.cache}, {@code curfew.tokens.refused} by reason, and for each
     * realm whose keys are loaded from afar {@code curfew.keys.loads}.
     *
     * @return meters
     */
    public List<Meter> meters() {
        List<Meter> all = new ArrayList<>(meters.meters());
        issuers.forEach(issuer -> all.addAll(issuer.policy()
                .keys()
                .source()
                .meters(Map.of("realm", issuer.policy().realm().name()))));
        return all;
    }

    private <T> T counted(Supplier<T> verification) {
        try {
            return verification.get();
        } catch (InvalidTokenException e) {
            meters.refused(e.reason());
            throw e;
        }
    }

    private AuthenticToken judge(String compact, Instant now) {
        Objects.requireNonNull(compact, "compact");
        SignedToken known = find(compact);
        SignedToken token = known != null ? known : verifySignature(compact);
        token.content().requireBegun(now);
        if (token.content().isExpired(now)) {
            return new ExpiredToken(token.content());
        }
        if (known == null && cache != null) {
            cache.put(compact, token, now);
        }
        return new VerifiedToken(token.content());
    }

    private @Nullable SignedToken find(String compact) {
        // An endless text is not even hashed.
        if (cache == null || compact.length() > maxTokenLength) {
            return null;
        }
        SignedToken known = cache.find(compact);
        meters.looked(known != null);
        return known;
    }

    private SignedToken verifySignature(String compact) {
        ParsedToken token = parse(compact);
        return issuer(token.claims()).verify(token);
    }

    private ParsedToken parse(String compact) {
        return ParsedToken.parse(compact, maxTokenLength);
    }

    /** With one issuer the signature comes before {@code iss}, so that a forger learns nothing about the policy. */
    private IssuerVerifier issuer(Map<String, @Nullable Object> claims) {
        if (issuers.size() == 1) {
            return issuers.get(0);
        }
        return issuers.stream()
                .filter(issuer -> issuer.policy().issuer().equals(claims.get("iss")))
                .findFirst()
                .orElseThrow(() -> new InvalidTokenException(Reason.ISSUER, "iss is of no policy"));
    }

    private static VerifiedToken usable(TokenContent content, Instant now) {
        content.requireBegun(now);
        if (content.isExpired(now)) {
            throw expired();
        }
        return new VerifiedToken(content);
    }

    private static String requireName(String signingKey) {
        if (signingKey.isEmpty()) {
            throw new IllegalArgumentException("signingKey must not be empty");
        }
        return signingKey;
    }

    private static InvalidTokenException expired() {
        return new InvalidTokenException(Reason.EXPIRED, "its time is over");
    }
}
