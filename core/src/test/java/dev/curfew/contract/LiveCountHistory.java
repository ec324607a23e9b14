package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.ClientId;
import dev.curfew.session.LookupKey;
import dev.curfew.session.Realm;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SubjectId;
import dev.curfew.store.FoundSession;
import dev.curfew.store.InsertResult;
import dev.curfew.store.NewSession;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RevokeResult;
import dev.curfew.store.SessionStore;
import dev.curfew.store.SessionsOfScope;
import dev.curfew.store.StoredSession;
import dev.curfew.store.SubjectErasure;
import dev.curfew.store.Touch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Some days of a store as a seed brings them, and beside it all that was written and recorded: what lives is what the
 * rule says of each row. Confined to one thread.
 */
final class LiveCountHistory {
    private static final int STEPS = 60;

    private final Random random;
    private final SessionStore store;
    private final SessionsOfScope counting;
    private final ManualClock clock;
    private final Map<LookupKey, GivenSession> sessions = new LinkedHashMap<>();
    private final Map<LookupKey, StoredSession> rows = new LinkedHashMap<>();
    private final List<Revocation> entries = new ArrayList<>();

    LiveCountHistory(long seed, SessionStore store, ManualClock clock) {
        this.random = new Random(seed);
        this.store = store;
        this.counting = store.ability(SessionsOfScope.class).orElseThrow();
        this.clock = clock;
    }

    void run() {
        for (int step = 0; step < STEPS; step++) {
            String act = act();
            assertThat(counting.countLive(now()))
                    .as("after step %s, %s", step, act)
                    .isEqualTo(rows.values().stream().filter(this::isLive).count());
        }
    }

    private boolean isLive(StoredSession row) {
        return !row.isExpired(now())
                && entries.stream().noneMatch(entry -> !entry.isForgotten(now()) && entry.covers(row.facts()));
    }

    private String act() {
        int choice = random.nextInt(100);
        if (choice < 45) {
            return login();
        } else if (choice < 55) {
            return touch();
        } else if (choice < 65) {
            return any().map(session -> revoke(Given.act(session.target()))).orElse("nothing");
        } else if (choice < 75) {
            return revokeSubject();
        } else if (choice < 79) {
            return revoke(Given.act(RevocationTarget.client(client(realm()))));
        } else if (choice < 81) {
            return revoke(Given.act(RevocationTarget.realm(realm())));
        } else if (choice < 87) {
            return erase();
        } else if (choice < 89) {
            store.purge(now(), 1 + random.nextInt(20));
            return "purge";
        }
        clock.advance(
                random.nextInt(4) == 0
                        ? Duration.ofHours(random.nextInt(200))
                        : Duration.ofSeconds(random.nextInt(4_000)));
        return "time goes by";
    }

    private String login() {
        SubjectId subject = subject();
        GivenSession.Builder builder = Given.session(subject)
                .began(now().minusMillis(random.nextInt(3)))
                .stored(now())
                .lasting(Duration.ofHours(1 + random.nextInt(300)))
                .idle(Duration.ofMinutes(30 + random.nextInt(3_000)));
        if (random.nextInt(3) > 0) {
            builder.client(client(subject.realm()));
        }
        if (random.nextInt(3) == 0) {
            builder.foreign(subject.value() + "-" + random.nextInt(4));
        }
        GivenSession session = builder.build();
        SessionLimit limit = random.nextInt(3) == 0 ? SessionLimit.endOldestBeyond(3) : SessionLimit.unlimited();
        Optional<GivenSession> replaced = random.nextInt(4) == 0 ? any() : Optional.empty();
        InsertResult result =
                store.insert(new NewSession(session.row(), limit, replaced.map(GivenSession::ref)), now());
        if (result instanceof InsertResult.Inserted inserted) {
            sessions.put(session.row().key(), session);
            rows.put(session.row().key(), session.row());
            for (FoundSession ended : inserted.ended()) {
                entries.addAll(ended.coveredBy());
            }
        }
        return "login of " + session + ": " + result;
    }

    private String touch() {
        any().ifPresent(session -> store.touch(List.of(new Touch(session.ref(), now())), now())
                .forEach(moved -> rows.computeIfPresent(
                        session.row().key(),
                        (key, row) ->
                                row.toBuilder().lastSeenAt(moved.lastSeen()).build())));
        return "touch";
    }

    private String revokeSubject() {
        SubjectId subject = subject();
        RevocationRequest.Builder request = Given.act(RevocationTarget.subject(subject));
        int choice = random.nextInt(4);
        if (choice == 0) {
            any().filter(session -> session.subject().equals(subject))
                    .ifPresent(session -> request.exempt(session.exempt()));
        } else if (choice == 1) {
            request.issuedBefore(now().minusSeconds(random.nextInt(4_000)));
        }
        return revoke(request);
    }

    private String revoke(RevocationRequest.Builder builder) {
        RevocationRequest request = builder.build();
        RevokeResult result = store.revoke(request, Precondition.none(), now());
        if (result instanceof RevokeResult.Recorded recorded) {
            entries.add(recorded.entry());
        }
        return "revoke " + request.target().kind() + ": " + result;
    }

    private String erase() {
        SubjectId subject = subject();
        Instant until = now().minusSeconds(random.nextInt(20_000));
        store.ability(SubjectErasure.class).ifPresent(erasure -> {
            while (erasure.erase(subject, until, 1 + random.nextInt(4), now()).hasMore()) {
                assertThat(rows).isNotEmpty();
            }
            rows.values()
                    .removeIf(row -> row.subjectKey().equals(subject.key())
                            && !row.authenticatedAt().isAfter(until));
        });
        return "erasure";
    }

    private Optional<GivenSession> any() {
        List<GivenSession> all = new ArrayList<>(sessions.values());
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(random.nextInt(all.size())));
    }

    private Realm realm() {
        return random.nextInt(4) == 0 ? Realm.of("bank") : Given.REALM;
    }

    private SubjectId subject() {
        return new SubjectId(realm(), "subject-" + random.nextInt(4));
    }

    private ClientId client(Realm realm) {
        return new ClientId(realm, "client-" + random.nextInt(2));
    }

    private Instant now() {
        return clock.instant();
    }
}
