package dev.curfew.token;

import dev.curfew.jose.Algorithm;
import dev.curfew.session.Realm;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a signed message of one issuer must be; fixed for a verifier, never sniffed. Immutable; the keys behind it may
 * be refreshed.
 *
 * <p>What has no safe default must be said, or {@link Builder#build()} fails and names it:
 *
 * <pre>{@code
 * EventTokenPolicy policy = EventTokenPolicy.of(Profile.LOGOUT, Realm.of("idp"), "https://login.example.com")
 *         .keys(TokenKeys.remote(URI.create("https://login.example.com/jwks.json")))
 *         .audience("our-client-id")
 *         .build();
 * }</pre>
 */
public final class EventTokenPolicy {
    private final Realm realm;
    private final String issuer;
    private final TokenKeys keys;
    private final EventRules rules;

    private EventTokenPolicy(Realm realm, String issuer, TokenKeys keys, EventRules rules) {
        this.realm = realm;
        this.issuer = issuer;
        this.keys = keys;
        this.rules = rules;
    }

    /** What kind of message it is. */
    public enum Profile {
        /** A logout token of OpenID Connect Back-Channel Logout 1.0, at most 16 KiB. */
        LOGOUT,
        /**
         * A security event token (RFC 8417) as the Shared Signals Framework 1.0 profiles it, at most 64 KiB. It may be
         * of any age: an old one is harmless, and refusing it would lose it.
         */
        SECURITY_EVENT,
        /** A status list token of the Token Status List specification, at most 1 MiB. */
        STATUS_LIST,
        /** A client's assertion for its own authentication (RFC 7523 section 3), at most 16 KiB. */
        CLIENT_ASSERTION,
        /** The signed bearer of a Global Token Revocation request, as Okta sends it, at most 16 KiB. */
        REVOCATION_ASSERTION
    }

    /**
     * Begins the policy of one issuer's messages of one profile.
     *
     * @param profile what the messages are
     * @param realm the namespace of everything that they name
     * @param issuer the exact {@code iss} claim, compared character by character; of a client assertion, the client id
     * @return a builder
     */
    public static Builder of(Profile profile, Realm realm, String issuer) {
        return new Builder(profile, realm, issuer);
    }

    /** {@return what the messages are} */
    public Profile profile() {
        return rules.profile();
    }

    /** {@return the namespace of everything that they name} */
    public Realm realm() {
        return realm;
    }

    /** {@return the exact {@code iss} claim} */
    public String issuer() {
        return issuer;
    }

    /** {@return how far the issuer's clock and ours may differ, at most five minutes} */
    public Duration skew() {
        return rules.skew();
    }

    TokenKeys keys() {
        return keys;
    }

    EventRules rules() {
        return rules;
    }

    @Override
    public String toString() {
        return "EventTokenPolicy[profile=" + profile() + ", realm=" + realm + ", issuer=" + issuer + "]";
    }

    /** Collects the settings of an {@link EventTokenPolicy}. Confined to one thread. */
    public static final class Builder {
        private static final Duration MAX_SKEW = Duration.ofMinutes(5);

        private final Profile profile;
        private final Realm realm;
        private final String issuer;
        private final Set<Algorithm> algorithms = EnumSet.noneOf(Algorithm.class);
        private @Nullable TokenKeys keys;
        private @Nullable String audience;
        private Duration skew = Duration.ofSeconds(10);
        private @Nullable Duration maxLifetime;
        private boolean strict;
        private boolean lenient;
        private boolean legacySubject;
        private boolean acceptMissingExp;

        private Builder(Profile profile, Realm realm, String issuer) {
            this.profile = Objects.requireNonNull(profile, "profile");
            this.realm = Objects.requireNonNull(realm, "realm");
            this.issuer = Objects.requireNonNull(issuer, "issuer");
            if (issuer.isEmpty()) {
                throw new IllegalArgumentException("issuer must not be empty: it is compared with iss");
            }
        }

        /**
         * Sets the keys that may have signed the messages. Required. Nothing in a message ever adds one: {@code jku},
         * {@code jwk}, {@code x5u} and {@code x5c} are not read.
         *
         * @param value of this issuer
         * @return this
         */
        public Builder keys(TokenKeys value) {
            this.keys = Objects.requireNonNull(value, "keys");
            return this;
        }

        /**
         * Sets whom the messages are for. Required but for {@link Profile#STATUS_LIST}, which names nobody. Of a logout
         * token, our client id at the provider; of an assertion, the one text that {@code aud} must be, such as the
         * exact URL of the endpoint; else one of the texts in {@code aud}.
         *
         * @param exact compared character by character
         * @return this
         */
        public Builder audience(String exact) {
            requireProfile(profile != Profile.STATUS_LIST, "audience", "all profiles but STATUS_LIST");
            if (exact.isEmpty()) {
                throw new IllegalArgumentException("audience must not be empty: it is compared with aud");
            }
            this.audience = exact;
            return this;
        }

        /**
         * Sets the algorithms that the messages may be signed with; RS256 alone by default, which is the default of
         * OpenID Connect. Say the one that was registered.
         *
         * @param names as in {@code alg}: RS256, PS256, ES256, EdDSA and their kin, or those of a secret alone
         * @return this
         * @throws IllegalArgumentException if one is unknown, or secrets and key pairs are mixed
         */
        public Builder algorithms(String... names) {
            for (String name : names) {
                algorithms.add(Algorithm.named(name)
                        .orElseThrow(() -> new IllegalArgumentException("algorithms: \"" + name
                                + "\" is none that is known; write it as in the header alg, such as RS256")));
            }
            if (Algorithm.isMixed(algorithms)) {
                throw new IllegalArgumentException(
                        "algorithms must not mix symmetric ones (HS256, …) and asymmetric ones, and are " + algorithms);
            }
            return this;
        }

        /**
         * Sets how far the issuer's clock and ours may differ; 10 seconds by default.
         *
         * @param value not negative, at most five minutes
         * @return this
         */
        public Builder skew(Duration value) {
            if (value.isNegative() || value.compareTo(MAX_SKEW) > 0) {
                throw new IllegalArgumentException("skew must be 0 to 5 minutes, and is " + value);
            }
            this.skew = value;
            return this;
        }

        /**
         * Accepts only logout tokens whose {@code typ} is {@code logout+jwt}, which OWASP ASVS 10.5.5 asks for. By
         * default an absent one and {@code JWT} are accepted too, since most providers write them (Back-Channel Logout
         * section 4.1).
         *
         * @return this
         * @throws IllegalStateException if the profile is another one than LOGOUT
         */
        public Builder strict() {
            requireProfile(profile == Profile.LOGOUT, "strict", "LOGOUT");
            this.strict = true;
            return this;
        }

        /**
         * Accepts logout tokens without {@code exp}, as Ory Hydra sends them, up to an age of two minutes by
         * {@code iat}.
         *
         * @return this
         * @throws IllegalStateException if the profile is another one than LOGOUT
         */
        public Builder acceptMissingExp() {
            requireProfile(profile == Profile.LOGOUT, "acceptMissingExp", "LOGOUT");
            this.acceptMissingExp = true;
            return this;
        }

        /**
         * Passes over {@code sub} and {@code exp} of security events, which the Shared Signals Framework forbids
         * (sections 4.1.2 and 4.1.7). By default such an event is refused. {@code exp} then has no effect.
         *
         * @return this
         * @throws IllegalStateException if the profile is another one than SECURITY_EVENT
         */
        public Builder lenient() {
            requireProfile(profile == Profile.SECURITY_EVENT, "lenient", "SECURITY_EVENT");
            this.lenient = true;
            return this;
        }

        /**
         * Reads whom a security event is about from the member {@code subject} inside the event where there is no claim
         * {@code sub_id}, in the old dialect that Google's Cross-Account Protection speaks. Only its
         * {@code subject_type} of {@code iss-sub} is understood; others become {@link SubjectIdentifier.Other}.
         *
         * @return this
         * @throws IllegalStateException if the profile is another one than SECURITY_EVENT
         */
        public Builder legacySubject() {
            requireProfile(profile == Profile.SECURITY_EVENT, "legacySubject", "SECURITY_EVENT");
            this.legacySubject = true;
            return this;
        }

        /**
         * Sets the longest time from {@code iat} to {@code exp}, skew aside; an hour by default for logout tokens, and
         * five minutes for assertions.
         *
         * @param value positive, at most a day
         * @return this
         * @throws IllegalStateException if the profile has no lifetime: SECURITY_EVENT, STATUS_LIST
         */
        public Builder maxLifetime(Duration value) {
            requireProfile(EventRules.isShortLived(profile), "maxLifetime", "LOGOUT and the assertions");
            if (value.isNegative() || value.isZero() || value.compareTo(Duration.ofDays(1)) > 0) {
                throw new IllegalArgumentException("maxLifetime must be positive, at most a day, and is " + value);
            }
            this.maxLifetime = value;
            return this;
        }

        /**
         * Makes the policy.
         *
         * @return the policy
         * @throws IllegalStateException if a required setting is missing; the message names it
         * @throws IllegalArgumentException if keys and algorithms do not fit together
         */
        public EventTokenPolicy build() {
            if (keys == null) {
                throw missing("keys(TokenKeys): of TokenKeys.ofJwkSet, ofPublicKey, remote or ofSecret");
            }
            if (audience == null && profile != Profile.STATUS_LIST) {
                throw missing("audience(String): the text in aud that stands for us");
            }
            EventRules rules = new EventRules(
                    profile,
                    allowed(keys),
                    audience,
                    new EventRules.Times(
                            skew,
                            maxLifetime == null ? EventRules.usualLifetime(profile) : maxLifetime,
                            acceptMissingExp),
                    new EventRules.Dialect(strict, lenient, legacySubject));
            keys.source().usedBy(issuer);
            return new EventTokenPolicy(realm, issuer, keys, rules);
        }

        private Set<Algorithm> allowed(TokenKeys issuersKeys) {
            Set<Algorithm> allowed = algorithms.isEmpty() ? EnumSet.of(Algorithm.RS256) : algorithms;
            if (!issuersKeys.algorithms().containsAll(allowed)) {
                throw new IllegalArgumentException("algorithms: " + allowed + " are to be allowed"
                        + (algorithms.isEmpty() ? " by default" : "") + ", and the keys of " + issuer + " can verify "
                        + issuersKeys.algorithms() + ": say algorithms(...) with what the issuer signs with");
            }
            return EnumSet.copyOf(allowed);
        }

        private void requireProfile(boolean fits, String setting, String profiles) {
            if (!fits) {
                throw new IllegalStateException(setting + "(…) is for " + profiles + ", and the profile is " + profile);
            }
        }

        private IllegalStateException missing(String setting) {
            return new IllegalStateException(
                    "missing setting: the " + profile + " policy of " + issuer + " needs " + setting);
        }
    }
}
