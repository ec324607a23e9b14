package dev.curfew.token;

import dev.curfew.crypto.KeysUnavailableException;
import dev.curfew.jose.KeyLoads;
import dev.curfew.jose.KeySource;
import dev.curfew.jose.KeysAwaitedException;
import dev.curfew.jose.ParsedToken;
import dev.curfew.jose.UnreadableTokenException;
import dev.curfew.meter.Meter;
import dev.curfew.token.InvalidTokenException.Reason;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether a text is an access token of a known issuer. Thread-safe.
 *
 * <p>The order is: form, signature, issuer, audience, type, times. A text that fails is refused with an
 * {@link InvalidTokenException}, and has cost no call to any store. Whether the token is revoked is not asked here, nor
 * whether its bearer holds the key that a {@code cnf} claim may bind it to: see {@link Caller#isUsableWith}.
 *
 * <p>With several policies the {@code iss} claim chooses among them, and only that issuer's keys are tried.
 */
public final class TokenVerifier {
    private static final UnaryOperator<KeySource> AWAITED = UnaryOperator.identity();

    private final TokenPolicies policies;
    private final Clock clock;
    private final @Nullable VerifiedTokenCache cache;
    private final VerifierMeters meters = new VerifierMeters();

    TokenVerifier(TokenPolicies policies, Clock clock, int cacheEntries) {
        this.policies = policies;
        this.clock = clock;
        this.cache = cacheEntries == 0 ? null : new VerifiedTokenCache(cacheEntries);
    }

    /**
     * Makes a verifier with the system's clock and the default cache.
     *
     * @param policy of an issuer
     * @param more of other issuers
     * @return the verifier
     * @throws IllegalArgumentException if two policies conflict, see {@link TokenPolicies#of}
     */
    public static TokenVerifier of(IssuerPolicy policy, IssuerPolicy... more) {
        return builder(policy, more).build();
    }

    /**
     * Starts a verifier.
     *
     * @param policy of an issuer
     * @param more of other issuers
     * @return a builder
     * @throws IllegalArgumentException if two policies conflict, see {@link TokenPolicies#of}
     */
    public static TokenVerifierBuilder builder(IssuerPolicy policy, IssuerPolicy... more) {
        return builder(TokenPolicies.of(policy, more));
    }

    /**
     * Starts a verifier whose policies may change while it works.
     *
     * @param policies the same as the session service has
     * @return a builder
     */
    public static TokenVerifierBuilder builder(TokenPolicies policies) {
        return new TokenVerifierBuilder(policies);
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
            AuthenticToken token = judge(compact, clock.instant(), AWAITED);
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
        return counted(() -> judge(compact, clock.instant(), AWAITED));
    }

    /**
     * The same without waiting, for event loops: nothing if the issuer's keys would have to be waited for. Keys that
     * are given by the host never are; keys of {@link TokenKeys#remote} are before they are loaded for the first time,
     * once they are older than {@link RemoteKeyOptions.Builder#maxAge}, and at an unknown key id if that may ask for
     * new ones. No request is sent that somebody would wait for: {@link #verifyForLogout} sends it.
     *
     * <p>A signature that is not remembered is verified here, on the calling thread: some 10 µs for HS256, up to 1 ms
     * for ES256.
     *
     * @param compact the text, without {@code Bearer}
     * @return the evidence: usable, or expired and good for nothing but logout
     * @throws InvalidTokenException if it is not authentic, or its time has not come
     * @throws KeysUnavailableException if the issuer's keys are known not to be had just now
     */
    public Optional<AuthenticToken> tryVerify(String compact) {
        try {
            return Optional.of(counted(() -> judge(compact, clock.instant(), KeySource::withoutWaiting)));
        } catch (KeysAwaitedException e) {
            return Optional.empty();
        }
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
            PolicyTable table = policies.table();
            ParsedToken token = parse(compact, table);
            return usable(table.find(token.claims()).checkUnsigned(token, requireName(signingKey)), now);
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
        return counted(() -> usable(policies.table().find(copy).checkClaims(copy, requireName(signingKey)), now));
    }

    /**
     * The policy, if there is but one.
     *
     * @return the policy
     * @throws IllegalStateException if there are several, or none, or tenants
     */
    public TokenPolicy policy() {
        List<IssuerPolicy> all = policies.all();
        if (all.size() == 1 && all.get(0) instanceof TokenPolicy only) {
            return only;
        }
        throw new IllegalStateException("this verifier has not exactly one policy of one issuer: call policies()");
    }

    /** {@return all policies, to be read and changed: the very object by which tokens are judged} */
    public TokenPolicies policies() {
        return policies;
    }

    /**
     * What this verifier was given and found: {@code curfew.verifier.cache}, {@code curfew.tokens.refused} by reason,
     * and for each realm whose keys are loaded from afar {@code curfew.keys.loads}.
     *
     * @return meters
     */
    public List<Meter> meters() {
        List<Meter> all = new ArrayList<>(meters.meters());
        policies.table().keyLoads().forEach((realm, loads) -> all.addAll(KeyLoads.meters(realm, loads)));
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

    private AuthenticToken judge(String compact, Instant now, UnaryOperator<KeySource> access) {
        Objects.requireNonNull(compact, "compact");
        // One table for the whole call: what is removed meanwhile counts from the next call on.
        PolicyTable table = policies.table();
        SignedToken known = find(compact, table, access);
        SignedToken token = known != null ? known : verifySignature(compact, table, access);
        token.content().requireBegun(now);
        if (token.content().isExpired(now)) {
            return new ExpiredToken(token.content());
        }
        if (known == null && cache != null) {
            cache.put(compact, token, now);
        }
        return new VerifiedToken(token.content());
    }

    private @Nullable SignedToken find(String compact, PolicyTable table, UnaryOperator<KeySource> access) {
        // An endless text is not even hashed.
        if (cache == null || compact.length() > table.maxTokenLength()) {
            return null;
        }
        SignedToken known = cache.find(compact, table, access);
        meters.looked(known != null);
        return known;
    }

    private static SignedToken verifySignature(String compact, PolicyTable table, UnaryOperator<KeySource> access) {
        ParsedToken token = parse(compact, table);
        return table.find(token.claims()).verify(token, access);
    }

    private static ParsedToken parse(String compact, PolicyTable table) {
        try {
            return ParsedToken.parse(compact, table.maxTokenLength());
        } catch (UnreadableTokenException e) {
            throw InvalidTokenException.of(e);
        }
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
