package dev.curfew.token;

import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.Evidence;
import dev.curfew.session.SessionId;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an authentic token says, without a judgement of this moment; the types of evidence wrap it. Immutable.
 *
 * @param policy by which it was judged
 * @param facts for the revocation rule
 * @param times its instants
 * @param usableFrom the first instant of its use
 * @param usableUntil the first instant at which it is expired; both kept, because each request asks
 * @param forgetAfter until when its revocation must be remembered; kept, because each check asks
 * @param names what it names
 * @param claims all of them, unmodifiable
 */
record TokenContent(
        TokenPolicy policy,
        TokenFacts facts,
        TokenTimes times,
        Instant usableFrom,
        Instant usableUntil,
        Instant forgetAfter,
        TokenNames names,
        Map<String, @Nullable Object> claims) {
    static TokenContent of(
            TokenPolicy policy,
            TokenFacts facts,
            TokenTimes times,
            TokenNames names,
            Map<String, @Nullable Object> claims) {
        return new TokenContent(
                policy,
                facts,
                times,
                times.usableFrom(policy),
                times.usableUntil(policy),
                times.forgetAfter(policy),
                names,
                claims);
    }

    void requireBegun(Instant now) {
        if (now.isBefore(usableFrom)) {
            throw times.notBegun(now, policy);
        }
    }

    boolean isExpired(Instant now) {
        return !now.isBefore(usableUntil);
    }

    Optional<Evidence> evidence() {
        Optional<String> acr = claims.get("acr") instanceof String text ? Optional.of(text) : Optional.empty();
        return Optional.ofNullable(authenticatedAt()).map(at -> new Evidence(at, acr, methods()));
    }

    private @Nullable Instant authenticatedAt() {
        if (times.authenticatedAt() != null) {
            return times.authenticatedAt();
        }
        return names.session() != null && names.session().handle() instanceof SessionId ours
                ? ours.authenticatedAt()
                : null;
    }

    private Set<String> methods() {
        Set<String> methods = new LinkedHashSet<>();
        if (claims.get("amr") instanceof List<?> all) {
            all.stream()
                    .filter(String.class::isInstance)
                    .map(String.class::cast)
                    .forEach(methods::add);
        }
        return methods;
    }

    /** Pseudonyms only. */
    @Override
    public String toString() {
        return "realm=" + policy.realm().key() + ", token=" + facts.tokenKey() + ", session=" + facts.sessionKey()
                + ", subject=" + facts.subjectKey();
    }
}
