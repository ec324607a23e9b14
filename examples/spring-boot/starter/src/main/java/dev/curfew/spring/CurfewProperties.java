package dev.curfew.spring;

import static java.time.temporal.ChronoUnit.SECONDS;

import dev.curfew.http.Profile;
import dev.curfew.http.SessionCookie.SameSite;
import dev.curfew.token.BeganAt;
import dev.curfew.token.SessionIds;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationUnit;

/**
 * The properties {@code curfew.*}. Immutable.
 *
 * @param enabled Whether Curfew is configured at all.
 * @param realm Namespace of all subjects, sessions and tokens. Required.
 * @param issuer The exact 'iss' of access tokens. Without it, and without a bean IssuerPolicy, there are none.
 * @param secret Base64 of the secret by which access tokens are signed, of 32 random bytes or more. This or jwks-uri.
 * @param secretName Names the secret where a public key has its thumbprint, as in the revocation of a signing key.
 * @param jwksUri Where the issuer publishes its public keys, https. This or secret.
 * @param audience What 'aud' of an access token must contain, one of these.
 * @param clientId The application's own client, for which sessions are refreshed.
 * @param sessionTokens Whether opaque session tokens are accepted as bearer tokens. With a cookie name they are.
 * @param token What access tokens have to be.
 * @param session How long sessions last.
 * @param cookie Session tokens in a cookie.
 * @param refreshCookie Refresh tokens in a cookie; they exist if there is a bean AccessTokenIssuer.
 * @param store Where sessions and revocations are kept.
 * @param encryption How sessions are encrypted in a store that leaves the process.
 * @param checks How requests are checked.
 * @param http What is answered over HTTP.
 * @param rateLimit How often somebody may call Curfew's endpoints.
 * @param purge When ended sessions are removed.
 */
@ConfigurationProperties("curfew")
record CurfewProperties(
        @DefaultValue("true") boolean enabled,
        @Nullable String realm,
        @Nullable String issuer,
        @Nullable String secret,
        @DefaultValue("secret") String secretName,
        @Nullable URI jwksUri,
        @DefaultValue List<String> audience,
        @Nullable String clientId,
        @DefaultValue("false") boolean sessionTokens,
        @DefaultValue Token token,
        @DefaultValue Session session,
        @DefaultValue Cookie cookie,
        @DefaultValue RefreshCookie refreshCookie,
        @DefaultValue Store store,
        @DefaultValue Encryption encryption,
        @DefaultValue Checks checks,
        @DefaultValue Http http,
        @DefaultValue RateLimit rateLimit,
        @DefaultValue Purge purge) {

    /** Nothing of the secrets. */
    @Override
    public String toString() {
        return "CurfewProperties[realm=" + realm + "]";
    }

    /**
     * What access tokens have to be.
     *
     * @param maxLifetime The longest life of an access token; a longer one is refused.
     * @param skew How far the issuer's clock may be off, at most 5 minutes.
     * @param sessionIds Whose the 'sid' of a token is: OURS, FOREIGN or NONE. OURS with a secret; to be said with
     *     jwks-uri.
     * @param beganAt By which instant a cut-off judges a token without a session of ours: AUTHENTICATED_AT or
     *     ISSUED_AT.
     * @param acceptPlainJwt Whether 'typ' may be absent or JWT, and 'client_id' and 'jti' may be missing.
     * @param require Claims that must have exactly this text.
     */
    record Token(
            @DefaultValue("15m") @DurationUnit(SECONDS) Duration maxLifetime,
            @DefaultValue("10s") @DurationUnit(SECONDS) Duration skew,
            @Nullable SessionIds sessionIds,
            @Nullable BeganAt beganAt,
            @DefaultValue("false") boolean acceptPlainJwt,
            @DefaultValue Map<String, String> require) {}

    /**
     * How long sessions last.
     *
     * @param absolute From the login to the end, whatever happens.
     * @param idle Without activity, to the end.
     * @param limit How many sessions a person may have; the oldest one ends for one more. 0 for no limit.
     */
    record Session(
            @DefaultValue("24h") @DurationUnit(SECONDS) Duration absolute,
            @DefaultValue("1h") @DurationUnit(SECONDS) Duration idle,
            @DefaultValue("0") int limit) {}

    /**
     * Session tokens in a cookie.
     *
     * @param name Switches the cookie mode on: '__Host-session', or one without a prefix where secure is false.
     * @param secure Whether the cookie needs TLS. Off is for development alone.
     * @param sameSite When requests that other sites cause carry the cookie: STRICT, LAX or NONE.
     * @param persistent Whether the cookie outlives the browser.
     */
    record Cookie(
            @Nullable String name,
            @DefaultValue("true") boolean secure,
            @DefaultValue("LAX") SameSite sameSite,
            @DefaultValue("false") boolean persistent) {}

    /**
     * Refresh tokens in a cookie.
     *
     * @param name Begins with '__Host-' or '__Secure-', unless secure is false.
     * @param path Has to cover the paths of refresh and logout; '__Host-' demands '/'.
     * @param secure Whether the cookie needs TLS. Off is for development alone.
     * @param persistent Whether the cookie outlives the browser.
     */
    record RefreshCookie(
            @DefaultValue("__Host-refresh") String name,
            @DefaultValue("/") String path,
            @DefaultValue("true") boolean secure,
            @DefaultValue("false") boolean persistent) {}

    /** Where sessions and revocations may be kept. */
    enum StoreType {
        /** The bean DataSource, else Lettuce, else memory. */
        AUTO,
        /** The bean DataSource. */
        JDBC,
        /** Spring's Lettuce connection factory, or a bean RedisClient. */
        REDIS,
        /** This process; for one node, and until it ends. */
        MEMORY
    }

    /**
     * Where sessions and revocations are kept, if there is no bean SessionStore.
     *
     * @param type Which store: AUTO (the DataSource, else Lettuce, else memory), JDBC, REDIS or MEMORY.
     * @param callTimeout How long one call of the store may take.
     * @param jdbc The tables.
     * @param redis The keys.
     */
    record Store(
            @DefaultValue("AUTO") StoreType type,
            @DefaultValue("2s") @DurationUnit(SECONDS) Duration callTimeout,
            @DefaultValue Jdbc jdbc,
            @DefaultValue Redis redis) {}

    /** When the tables are created and updated at the start. */
    enum InitializeSchema {
        /** In an H2 database in memory only. */
        EMBEDDED,
        /** In each database. */
        ALWAYS,
        /** Somebody else applies the scripts, Flyway say. */
        NEVER
    }

    /**
     * The tables.
     *
     * @param initializeSchema Where tables are created and updated at the start: EMBEDDED (in an H2 database in memory
     *     only), ALWAYS or NEVER.
     * @param schema Where the tables are; the connection's own schema by default.
     * @param prefix With what the names of the tables begin.
     */
    record Jdbc(
            @DefaultValue("EMBEDDED") InitializeSchema initializeSchema,
            @Nullable String schema,
            @DefaultValue("curfew_") String prefix) {}

    /**
     * The keys.
     *
     * @param keyPrefix With what every key begins.
     * @param partitions Into how many slots the data is divided, a power of two; fixed at installation.
     * @param waitForReplicas How many replicas must have a revocation before it is acknowledged.
     */
    record Redis(
            @DefaultValue("curfew") String keyPrefix,
            @DefaultValue("16") int partitions,
            @DefaultValue("0") int waitForReplicas) {}

    /**
     * How sessions are encrypted in a store that leaves the process. One of key and store-unencrypted is required.
     *
     * @param key Base64 of the 32 random bytes that encrypt, the same on every node.
     * @param keyId Names the key; a new key needs a new id.
     * @param readable Base64 of keys that can be read only, by their id: the one before, or the one to come.
     * @param acceptUnencrypted Whether sessions from before the encryption are read.
     * @param storeUnencrypted Leaves subjects and devices readable in the store.
     */
    record Encryption(
            @Nullable String key,
            @DefaultValue("1") String keyId,
            @DefaultValue Map<String, String> readable,
            @DefaultValue("false") boolean acceptUnencrypted,
            @DefaultValue("false") boolean storeUnencrypted) {
        /** The id alone. */
        @Override
        public String toString() {
            return "Encryption[keyId=" + keyId + "]";
        }
    }

    /** What requests get while the store does not answer. */
    enum DuringOutages {
        /** They are refused with 503. */
        DENY,
        /** Those pass that were good when this node last knew everything, for last-known-good-for. */
        LAST_KNOWN_GOOD,
        /** They pass, revoked or not. */
        ALLOW_REVOKED_TOKENS
    }

    /**
     * How requests are checked.
     *
     * @param authoritative Whether each check asks the store, in place of a replica on this node.
     * @param maxStaleness How old this node's knowledge may be at most.
     * @param pollPeriod How often this node asks for news; at most a third of max-staleness. 1s by default, or that
     *     third.
     * @param duringOutages What requests get while the store does not answer: DENY (503), LAST_KNOWN_GOOD or
     *     ALLOW_REVOKED_TOKENS.
     * @param lastKnownGoodFor For how long, with LAST_KNOWN_GOOD.
     */
    record Checks(
            @DefaultValue("false") boolean authoritative,
            @DefaultValue("5s") @DurationUnit(SECONDS) Duration maxStaleness,
            @DurationUnit(SECONDS) @Nullable Duration pollPeriod,
            @DefaultValue("DENY") DuringOutages duringOutages,
            @DurationUnit(SECONDS) @Nullable Duration lastKnownGoodFor) {}

    /**
     * What is answered over HTTP.
     *
     * @param profile Status codes and bodies: STANDARDS answers an outage with 503, GUIDE with 500.
     * @param logoutPath Path of the logout, below the context path.
     * @param refreshPath Path of the refresh, below the context path.
     * @param sessionsPath Path of the list of sessions, below the context path.
     * @param open What needs no caller: '/hello' for reading, 'POST /login', '/assets/**' for reading. Not to be
     *     set where the host has a SecurityFilterChain of its own.
     * @param allowedOrigins Origins of other sites whose pages may call with a cookie.
     * @param realmName The 'realm' of WWW-Authenticate.
     * @param problemTypes Where the problem types are documented.
     * @param demandProof How recent a proof of the person must be to end other sessions; none by default.
     */
    record Http(
            @DefaultValue("STANDARDS") Profile profile,
            @DefaultValue("/api/v1/auth/logout") String logoutPath,
            @DefaultValue("/api/v1/auth/refresh") String refreshPath,
            @DefaultValue("/api/auth/sessions") String sessionsPath,
            @DefaultValue List<String> open,
            @DefaultValue List<String> allowedOrigins,
            @DefaultValue("api") String realmName,
            @Nullable URI problemTypes,
            @DurationUnit(SECONDS) @Nullable Duration demandProof) {}

    /** Where calls are counted. */
    enum RateLimitType {
        /** Nowhere. */
        NONE,
        /** In this process. */
        MEMORY,
        /** In Redis, for all nodes together. */
        REDIS
    }

    /**
     * How often somebody may call Curfew's endpoints, if there is no bean RateLimiter.
     *
     * @param type Where calls are counted: NONE, MEMORY (of this process) or REDIS.
     * @param permitsPerMinute The limit of each action; Curfew's own defaults without it.
     */
    record RateLimit(
            @DefaultValue("NONE") RateLimitType type,
            @Nullable Integer permitsPerMinute) {}

    /**
     * When ended sessions are removed.
     *
     * @param every How often; 0 leaves it to the host.
     * @param limit The most rows in one go.
     */
    record Purge(
            @DefaultValue("1h") @DurationUnit(SECONDS) Duration every,
            @DefaultValue("10000") int limit) {}
}
