package dev.curfew.token;

import dev.curfew.jose.ParsedToken;
import dev.curfew.revocation.TokenId;
import dev.curfew.token.EventTokenPolicy.Profile;
import dev.curfew.token.InvalidEventTokenException.Reason;
import java.time.Instant;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What one event policy demands of the header and the claims of a message. Immutable. */
final class EventClaimRules {
    private static final Set<String> PLAIN_TYPES = Set.of("jwt", "application/jwt");

    private final EventTokenPolicy policy;
    private final EventRules rules;
    private final EventTimeRules times;

    EventClaimRules(EventTokenPolicy policy) {
        this.policy = policy;
        this.rules = policy.rules();
        this.times = new EventTimeRules(rules);
    }

    /** What is asked before the signature, since it costs nothing: whether the message is meant for this verifier. */
    void requireAddressed(ParsedToken token) {
        if (!rules.algorithms().contains(token.header().algorithm())) {
            throw refused(Reason.ALGORITHM, "the policy allows other algorithms, see algorithms(...)");
        }
        requireType(token.header().type());
        if (token.claims().containsKey("iss") || rules.profile() != Profile.STATUS_LIST) {
            requireIssuer(token.claims().get("iss"));
        }
        if (rules.audience() != null) {
            requireAudience(AudienceRule.named(token.claims()), rules.audience());
        }
    }

    /** What the message says, once its signature is known to be right. */
    EventContent check(ParsedToken token, Instant now) {
        EventClaims claims = new EventClaims(token.claims(), now.plus(rules.skew()));
        EventContent.Times instants = times.read(claims, now);
        return switch (rules.profile()) {
            case LOGOUT -> LogoutClaims.read(claims, instants);
            case SECURITY_EVENT -> SecurityEventClaims.read(claims, instants, rules.dialect());
            case STATUS_LIST -> statusList(token, claims, instants);
            case CLIENT_ASSERTION -> clientAssertion(claims, instants);
            case REVOCATION_ASSERTION ->
                withoutEvent(claims.requiredText("jti"), claims.optionalText("sub"), claims, instants);
        };
    }

    private EventContent statusList(ParsedToken token, EventClaims claims, EventContent.Times instants) {
        claims.object("status_list", Reason.CLAIM);
        String id = claims.optionalText("jti");
        if (id == null) {
            id = TokenId.ofSigningInput(token.signingInput())
                    .key(policy.realm())
                    .toString();
        }
        return withoutEvent(id, claims.requiredText("sub"), claims, instants);
    }

    /** RFC 7523 section 3: the client speaks of itself. */
    private EventContent clientAssertion(EventClaims claims, EventContent.Times instants) {
        String subject = claims.requiredText("sub");
        if (!subject.equals(policy.issuer())) {
            throw refused(Reason.CLAIM, "sub is not the client that iss names");
        }
        return withoutEvent(claims.requiredText("jti"), subject, claims, instants);
    }

    private static EventContent withoutEvent(
            String id, @Nullable String subject, EventClaims claims, EventContent.Times instants) {
        return new EventContent(
                id, instants, new EventContent.Names(subject, null, claims.textOrNothing("txn"), null), null);
    }

    private void requireType(@Nullable String type) {
        String lower = type == null ? null : type.toLowerCase(Locale.ROOT);
        boolean fits = switch (rules.profile()) {
            case LOGOUT -> is("logout+jwt", lower) || !rules.dialect().strict() && isPlain(lower);
            case SECURITY_EVENT -> is("secevent+jwt", lower);
            case STATUS_LIST -> is("statuslist+jwt", lower);
            case CLIENT_ASSERTION -> is("client-authentication+jwt", lower) || isPlain(lower);
            case REVOCATION_ASSERTION -> is("global-token-revocation+jwt", lower);
        };
        if (!fits) {
            throw refused(Reason.TYPE, "typ is not that of the profile " + rules.profile());
        }
    }

    /** RFC 7515 section 4.1.9: the prefix is usually left out. */
    private static boolean is(String type, @Nullable String lower) {
        return lower != null && (lower.equals(type) || lower.equals("application/" + type));
    }

    private static boolean isPlain(@Nullable String lower) {
        return lower == null || PLAIN_TYPES.contains(lower);
    }

    /** The exact comparison of RFC 7519: no normalisation of any kind. */
    private void requireIssuer(@Nullable Object issuer) {
        if (!policy.issuer().equals(issuer)) {
            throw refused(Reason.ISSUER, "iss is not the issuer of the policy; compared letter by letter");
        }
    }

    /** An assertion opens something where it is sent, so that it must not be good elsewhere too. */
    private void requireAudience(Collection<?> named, String audience) {
        boolean mustBeAlone =
                rules.profile() == Profile.CLIENT_ASSERTION || rules.profile() == Profile.REVOCATION_ASSERTION;
        if (!named.contains(audience) || mustBeAlone && named.size() > 1) {
            throw refused(
                    Reason.AUDIENCE,
                    "aud is not the audience of the policy" + (mustBeAlone ? " alone" : "")
                            + "; compared letter by letter");
        }
    }

    private static InvalidEventTokenException refused(Reason reason, String detail) {
        return new InvalidEventTokenException(reason, detail);
    }
}
