package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Realm;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.session.SubjectId;
import dev.curfew.token.RenewResult;
import dev.curfew.token.SessionAuthentication;
import dev.curfew.token.SessionAuthentication.Authenticated;
import dev.curfew.token.SessionAuthentication.Refused;
import dev.curfew.token.SessionRenewal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real threads on two nodes: no secret passes on a node that has caught up since it was exchanged. */
@Timeout(120)
class SessionCacheHuntTest {
    private static final Realm REALM = Realm.of("shop");
    private static final int SESSIONS = 4;
    private static final int RENEWALS = 4_000;

    private final InMemorySessionStore store = InMemorySessionStore.builder().build();
    private final SessionService writer = node();
    private final SessionService reader = node();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    /** The secrets that a session has had, each with its number. */
    private final AtomicReferenceArray<String> current = new AtomicReferenceArray<>(SESSIONS);

    private final AtomicInteger passed = new AtomicInteger();
    private final AtomicInteger superseded = new AtomicInteger();
    private final AtomicBoolean isOver = new AtomicBoolean();

    private SessionService node() {
        return SessionService.builder()
                .store(store)
                .lifetimes(SessionLifetimes.aal2())
                .maxTokenLifetime(Duration.ofMinutes(15))
                .replica(replica -> replica.staleness(Duration.ofSeconds(30), Duration.ofMillis(1)))
                .withoutAuditLog()
                .build();
    }

    @Test
    void a_hit_is_never_older_than_the_read_of_the_feed_that_made_it_fresh() throws Exception {
        for (int i = 0; i < SESSIONS; i++) {
            current.set(i, login("user-" + i));
        }
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            running.add(threads.submit(this::use));
        }
        for (int i = 0; i < RENEWALS; i++) {
            int session = i % SESSIONS;
            String old = current.get(session);
            String next = renew(old);
            current.set(session, next);
            if (i % 3 == 0) {
                // Whoever asks from now on, when this node has caught up, must not let the old one pass.
                assertThat(reader.replica().orElseThrow().catchUp(Duration.ofSeconds(20)))
                        .isTrue();
                assertThat(reader.credentials().authenticate(REALM, old)).isInstanceOf(Refused.class);
                assertThat(reader.credentials().authenticate(REALM, next)).isInstanceOf(Authenticated.class);
            }
        }
        while (passed.get() == 0 && running.stream().noneMatch(Future::isDone)) {
            Thread.onSpinWait(); // a quick machine is done with all renewals before they begin
        }
        isOver.set(true);
        for (Future<?> each : running) {
            each.get(20, TimeUnit.SECONDS);
        }
        assertThat(passed.get()).isPositive();
        reader.close();
        writer.close();
        threads.shutdownNow();
    }

    /** Fills the cache at any moment, with whatever stands in the store then. */
    private void use() {
        while (!isOver.get()) {
            String token = current.get(ThreadLocalRandom.current().nextInt(SESSIONS));
            SessionAuthentication answer = reader.credentials().authenticate(REALM, token);
            (answer instanceof Authenticated ? passed : superseded).incrementAndGet();
        }
    }

    private String login(String name) {
        LoginResult result =
                writer.beginLogin(new SubjectId(REALM, name)).withSessionToken().complete(DeviceInfo.unknown());
        return ((LoginResult.LoggedIn) result).token().orElseThrow().reveal();
    }

    private String renew(String token) {
        RenewResult result = writer.credentials().renew(REALM, token, SessionRenewal.ofSecret());
        return ((RenewResult.Renewed) result).token().reveal();
    }
}
