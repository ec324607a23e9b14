package dev.curfew;

import dev.curfew.session.InvalidIdentifierException;
import dev.curfew.session.Realm;
import dev.curfew.session.SubjectId;
import dev.curfew.token.SessionIds;
import dev.curfew.token.SubjectIdentifier;
import dev.curfew.token.TokenPolicy;
import dev.curfew.upstream.UpstreamName;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An identity provider that we trust to end sessions that it began, and no others. Immutable.
 *
 * <p>What it says reaches what lies in its realm, and of that only what it may speak about: its own sessions, and
 * subjects of its own and of its {@linkplain Builder#subjectIssuer subject issuers}.
 */
public final class Upstream {
    /** No verifier lets a message be further ahead. */
    static final Duration MOST_AHEAD = Duration.ofMinutes(5);

    /** The oldest ID token from which a session may begin. */
    static final Duration MOST_AGE = Duration.ofDays(1);

    /**
     * How long what an upstream of links says is remembered at least: what ended a login comes after its ID token, and
     * the message's clock may be ahead.
     */
    static final Duration REMEMBERED = MOST_AGE.plus(MOST_AHEAD);

    private static final Duration USUAL_SKEW = Duration.ofSeconds(2);
    private static final Duration MOST_SKEW = Duration.ofMinutes(5);

    private final Realm realm;
    private final String issuer;
    private final Set<String> subjectIssuers;
    private final @Nullable TokenPolicy tokens;
    private final Duration skew;
    private final boolean endsAllOfSubject;
    private final @Nullable SubjectResolver resolver;
    private final UpstreamName name;

    private Upstream(Builder builder, Duration skew) {
        this.realm = builder.realm;
        this.issuer = builder.issuer;
        this.subjectIssuers = Set.copyOf(builder.subjectIssuers);
        this.tokens = builder.tokens;
        this.skew = skew;
        this.endsAllOfSubject = builder.endsAllOfSubject;
        this.resolver = builder.resolver;
        this.name = new UpstreamName(realm, issuer);
    }

    /**
     * Begins an upstream.
     *
     * @param realm in which its subjects and sessions are named
     * @param issuer its exact {@code iss}; compared character by character
     * @return a builder
     */
    public static Builder of(Realm realm, String issuer) {
        return new Builder(realm, issuer);
    }

    /** {@return in which its subjects and sessions are named} */
    public Realm realm() {
        return realm;
    }

    /** {@return its exact {@code iss}} */
    public String issuer() {
        return issuer;
    }

    /** {@return the issuers whose subjects it may speak about, itself among them} */
    public Set<String> subjectIssuers() {
        return subjectIssuers;
    }

    /** {@return the policy by which its tokens are checked here; nothing if it is of links only} */
    public Optional<TokenPolicy> tokensCheckedHere() {
        return Optional.ofNullable(tokens);
    }

    /**
     * {@return whether no tokens of its own are checked here, so that what it says ends the sessions of ours that began
     * from its logins, and is forgotten after a day}
     */
    public boolean isLinksOnly() {
        return tokens == null;
    }

    /** {@return how far its clock may be ahead of itself, from one of its machines to the next} */
    public Duration skew() {
        return skew;
    }

    /** {@return whether a message about a subject ends all of it, whatever session stands beside it} */
    public boolean endsAllOfSubject() {
        return endsAllOfSubject;
    }

    /** {@return whether the host's resolver says whom its names mean, so that it may use any} */
    public boolean resolvesNames() {
        return resolver != null;
    }

    UpstreamName name() {
        return name;
    }

    /** From now on until nothing accepts any more a token of its own that a message names now, with room to spare. */
    Duration tokensLive() {
        TokenPolicy policy = Objects.requireNonNull(tokens, "tokens");
        return policy.maxTokenLifetime().plus(policy.skew()).plus(policy.skew()).plus(MOST_AHEAD);
    }

    /** Whether it may speak about what this issuer names. */
    boolean maySpeakAbout(String itsIssuer) {
        return subjectIssuers.contains(itsIssuer);
    }

    /**
     * Whom a name means here: nobody, or several where one has several names. Of an issuer about whose subjects it may
     * not speak it means nobody.
     *
     * @throws InvalidIdentifierException if it is no name of a subject
     * @throws IllegalStateException if the host's resolver answers somebody of another realm
     */
    Set<SubjectId> subjects(SubjectIdentifier name) {
        Set<SubjectId> found = new LinkedHashSet<>();
        List<SubjectIdentifier> names =
                name instanceof SubjectIdentifier.Aliases several ? several.identifiers() : List.of(name);
        names.forEach(each -> subject(each).ifPresent(found::add));
        return found;
    }

    private Optional<SubjectId> subject(SubjectIdentifier name) {
        // What means something to both parties alone is the name that the other one's tokens have.
        SubjectIdentifier known =
                name instanceof SubjectIdentifier.Opaque own ? new SubjectIdentifier.IssSub(issuer, own.id()) : name;
        if (known instanceof SubjectIdentifier.IssSub person) {
            if (!maySpeakAbout(person.iss())) {
                return Optional.empty();
            }
            if (resolver == null) {
                return Optional.of(new SubjectId(realm, person.sub()));
            }
        }
        return resolver == null || known instanceof SubjectIdentifier.JwtId
                ? Optional.empty()
                : resolved(resolver, known);
    }

    private Optional<SubjectId> resolved(SubjectResolver asked, SubjectIdentifier name) {
        Optional<SubjectId> resolved;
        try {
            resolved = asked.resolve(name);
        } catch (InvalidIdentifierException e) {
            // Of a name that the host has made: no fault of the message.
            throw new IllegalStateException("subjects(...) of the upstream " + issuer + " has failed", e);
        }
        if (resolved.filter(found -> !found.realm().equals(realm)).isPresent()) {
            throw new IllegalStateException("subjects(...) of the upstream " + issuer
                    + " has answered a subject of another realm than " + realm + ", about which it may not speak");
        }
        return resolved;
    }

    /** Whether a name is one of issuers about whose subjects it may not speak, and nothing else. */
    boolean isOfOthers(SubjectIdentifier name) {
        return name instanceof SubjectIdentifier.IssSub person && !maySpeakAbout(person.iss())
                || name instanceof SubjectIdentifier.Aliases several
                        && several.identifiers().stream().allMatch(this::isOfOthers);
    }

    /** Realm and issuer. */
    @Override
    public String toString() {
        return "Upstream[realm=" + realm + ", issuer=" + issuer + "]";
    }

    /** Collects what is known of an upstream. Confined to one thread. */
    public static final class Builder {
        private final Realm realm;
        private final String issuer;
        private final Set<String> subjectIssuers = new LinkedHashSet<>();
        private @Nullable TokenPolicy tokens;
        private boolean linksOnly;
        private @Nullable Duration skew;
        private boolean endsAllOfSubject;
        private @Nullable SubjectResolver resolver;

        private Builder(Realm realm, String issuer) {
            this.realm = Objects.requireNonNull(realm, "realm");
            this.issuer = Objects.requireNonNull(issuer, "issuer");
            subjectIssuers.add(issuer);
        }

        /**
         * Says that access tokens of this issuer are verified here, so that what it ends is refused by the checker.
         * What it says is remembered for the {@linkplain SessionServiceBuilder#retention retention}.
         *
         * @param policy by which they are verified: of this realm and issuer, with the issuer's own session ids
         * @return this
         */
        public Builder tokensCheckedHere(TokenPolicy policy) {
            this.tokens = Objects.requireNonNull(policy, "policy");
            return this;
        }

        /**
         * Says that none of its tokens are checked here: it proves who somebody is, and the session is ours
         * ({@link LoginAttempt#upstream}). What it says ends those sessions, and is remembered for a day: long enough
         * for every login that was under way. The realm is one that no session of ours is in.
         *
         * @return this
         */
        public Builder linksOnly() {
            this.linksOnly = true;
            return this;
        }

        /**
         * Says how far the clocks of its own machines may differ. A login is judged by the provider's clock alone, so
         * that this is small: for that long after a logout, a new login is refused.
         *
         * @param value not negative, at most five minutes; 2 s unless set, or the skew of the policy of its tokens
         * @return this
         */
        public Builder skew(Duration value) {
            if (value.isNegative() || value.compareTo(MOST_SKEW) > 0) {
                throw new IllegalArgumentException("skew must be 0 to 5 minutes, and is " + value);
            }
            this.skew = value;
            return this;
        }

        /**
         * Lets it speak about subjects of another issuer too, whose {@code sub} names the same person in this realm.
         *
         * @param value the exact {@code iss}
         * @return this
         */
        public Builder subjectIssuer(String value) {
            subjectIssuers.add(Objects.requireNonNull(value, "subjectIssuer"));
            return this;
        }

        /**
         * Lets a message that names a subject end all of that subject, also where it names a session: for providers
         * that put a {@code sid} into a logout of all sessions, and for those whose access tokens name no session. It
         * ends more than was asked for where a provider means the one session.
         *
         * @return this
         */
        public Builder endsAllOfSubject() {
            this.endsAllOfSubject = true;
            return this;
        }

        /**
         * Says whom its subjects are here, where tokens name subjects by another claim than {@code sub}, or where its
         * messages name people by email address, telephone number or account.
         *
         * @param value asked for each message that names a subject, also with {@link SubjectIdentifier.IssSub}, which
         *     without a resolver is the subject of that name; its answers are of this realm
         * @return this
         */
        public Builder subjects(SubjectResolver value) {
            this.resolver = Objects.requireNonNull(value, "subjects");
            return this;
        }

        /**
         * Makes the upstream.
         *
         * @return the value
         * @throws IllegalStateException if nothing says what it reaches, or what was said contradicts itself
         */
        public Upstream build() {
            if ((tokens == null) != linksOnly) {
                throw new IllegalStateException("the upstream " + issuer + " needs one of two: linksOnly() if it proves"
                        + " who somebody is and the sessions are ours, or tokensCheckedHere(policy) if its access"
                        + " tokens are verified here");
            }
            if (tokens == null) {
                return new Upstream(this, skew == null ? USUAL_SKEW : skew);
            }
            requireSame(tokens.realm().name(), realm.name(), "realm");
            requireSame(tokens.issuer(), issuer, "issuer");
            requireSessionIds(tokens);
            requireSubjectClaim(tokens);
            return new Upstream(this, skew == null ? tokens.skew() : skew);
        }

        private void requireSame(String ofPolicy, String ofUpstream, String what) {
            if (!ofPolicy.equals(ofUpstream)) {
                throw new IllegalStateException("tokensCheckedHere(...) has the " + what + " \"" + ofPolicy
                        + "\", and the upstream \"" + ofUpstream + "\": what it ends would reach no token. Give both"
                        + " the same");
            }
        }

        private void requireSessionIds(TokenPolicy policy) {
            if (policy.sessionIds() == SessionIds.OURS) {
                throw new IllegalStateException("tokensCheckedHere(...) says sessionIds(OURS), but the upstream "
                        + issuer + " names sessions of its own: say sessionIds(FOREIGN) if its tokens carry their ids,"
                        + " or sessionIds(NONE) and endsAllOfSubject()");
            }
            if (policy.sessionIds() == SessionIds.NONE && !endsAllOfSubject) {
                throw new IllegalStateException("tokensCheckedHere(...) says sessionIds(NONE): what the upstream "
                        + issuer
                        + " says of one session would reach no token: say sessionIds(FOREIGN) if its tokens"
                        + " carry its session ids, or say endsAllOfSubject()");
            }
        }

        private void requireSubjectClaim(TokenPolicy policy) {
            List<String> claims = policy.subjectClaims();
            if (resolver == null && !claims.get(0).equals("sub")) {
                throw new IllegalStateException("tokensCheckedHere(...) names subjects by " + claims
                        + ", but the messages of the upstream " + issuer + " by sub: what they end would reach no"
                        + " token. Name subjects by sub, or say whom they mean: subjects(resolver)");
            }
        }
    }
}
