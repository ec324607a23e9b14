package dev.curfew.check;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.curfew.event.EventPublisher;
import dev.curfew.event.SessionEvent.CheckUnanswered;
import dev.curfew.event.SessionEvent.RevokedTokenUsed;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.LookupKey;
import dev.curfew.session.SessionRef;
import dev.curfew.token.Caller;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Tells listeners of checks whose answer is not ACTIVE. Thread-safe. */
final class CheckReports {
    private final @Nullable EventPublisher events;

    /** So that a stolen token that is tried again and again makes one event a minute, not a flood. */
    private final Cache<LookupKey, Boolean> reported = Caffeine.newBuilder()
            .maximumSize(10_000)
            .expireAfterWrite(Duration.ofMinutes(1))
            .build();

    /** Tells nobody if there is no publisher. */
    CheckReports(@Nullable EventPublisher events) {
        this.events = events;
    }

    void report(Caller caller, RevocationDecision decision, long nowMillis) {
        if (events == null) {
            return;
        }
        switch (decision.outcome()) {
            case ACTIVE -> {}
            case REVOKED -> reportUse(events, caller, decision, nowMillis);
            case UNKNOWN ->
                events.publish(new CheckUnanswered(
                        UUID.randomUUID().toString(), Instant.ofEpochMilli(nowMillis), decision.permits()));
        }
    }

    private static LookupKey keyOf(TokenFacts facts) {
        LookupKey token = facts.tokenKey();
        LookupKey session = facts.sessionKey();
        return token != null ? token : session != null ? session : facts.realmKey();
    }

    private void reportUse(EventPublisher publisher, Caller caller, RevocationDecision decision, long nowMillis) {
        TokenFacts facts = caller.facts();
        LookupKey key = keyOf(facts);
        if (reported.asMap().putIfAbsent(key, Boolean.TRUE) == null) {
            publisher.publish(new RevokedTokenUsed(
                    UUID.randomUUID().toString(),
                    Instant.ofEpochMilli(nowMillis),
                    caller.subject().orElse(null),
                    caller.session().map(SessionRef::handle).orElse(null),
                    decision.reason().orElseThrow()));
        }
    }
}
