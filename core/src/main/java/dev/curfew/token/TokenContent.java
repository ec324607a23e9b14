package dev.curfew.token;

import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.ClientId;
import dev.curfew.session.SessionHandle;
import dev.curfew.session.SubjectId;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What an authentic token says, without a judgement of this moment; the evidence types wrap it. Immutable. */
final class TokenContent {
    private final TokenPolicy policy;
    private final TokenFacts facts;
    private final TokenTimes times;
    private final Instant forgetAfter;
    private final @Nullable SubjectId subject;
    private final @Nullable SessionHandle session;
    private final @Nullable ClientId client;
    private final Map<String, @Nullable Object> claims;

    TokenContent(
            TokenPolicy policy,
            TokenFacts facts,
            TokenTimes times,
            @Nullable SubjectId subject,
            @Nullable SessionHandle session,
            @Nullable ClientId client,
            Map<String, @Nullable Object> claims) {
        this.policy = policy;
        this.facts = facts;
        this.times = times;
        this.forgetAfter = times.forgetAfter(policy);
        this.subject = subject;
        this.session = session;
        this.client = client;
        this.claims = claims;
    }

    TokenPolicy policy() {
        return policy;
    }

    TokenFacts facts() {
        return facts;
    }

    Optional<SubjectId> subject() {
        return Optional.ofNullable(subject);
    }

    Optional<SessionHandle> session() {
        return Optional.ofNullable(session);
    }

    Optional<ClientId> client() {
        return Optional.ofNullable(client);
    }

    Instant expiresAt() {
        return times.expiresAt();
    }

    Instant forgetAfter() {
        return forgetAfter;
    }

    Map<String, @Nullable Object> claims() {
        return claims;
    }

    void requireBegun(Instant now) {
        times.requireBegun(now, policy);
    }

    boolean isExpired(Instant now) {
        return times.isExpired(now, policy);
    }

    /** Pseudonyms only. */
    @Override
    public String toString() {
        return "realm=" + policy.realm().key() + ", token=" + facts.tokenKey() + ", session=" + facts.sessionKey()
                + ", subject=" + facts.subjectKey();
    }
}
