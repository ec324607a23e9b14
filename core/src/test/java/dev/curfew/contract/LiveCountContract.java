package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.Realm;
import dev.curfew.session.SubjectId;
import dev.curfew.store.BeforeHorizonException;
import dev.curfew.store.SessionsOfScope;
import dev.curfew.store.Touch;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Counting the sessions of a whole store that live, by stores that can. */
@Tag("CountingLive")
abstract class LiveCountContract extends StoreContract {
    private static final Duration TICK = Duration.ofMillis(1);
    private static final int ROUNDS_A_HISTORY = 20;

    LiveCountContract(Supplier<? extends StoreFixture> fixtures) {
        super(fixtures);
    }

    @BeforeEach
    void needsTheAbility() {
        needs(StoreCapability.SESSIONS_OF_SCOPE);
    }

    private long countLive() {
        return store().ability(SessionsOfScope.class).orElseThrow().countLive(now());
    }

    @Test
    void in_an_empty_store_nobody_lives() {
        assertThat(countLive()).isZero();
    }

    @Test
    void sessions_of_all_realms_and_sorts_count() {
        loggedIn(alice);
        insert(session(alice).foreign("idp-1").build());
        insert(session(bob).client(Given.client("web")).secret("s").build());
        insert(session(new SubjectId(Realm.of("bank"), "alice")).build());

        assertThat(countLive()).isEqualTo(4);
    }

    @Test
    void what_time_ends_counts_until_the_last_millisecond() {
        GivenSession idle = insert(session(alice).idle(Duration.ofMinutes(5)).build());
        insert(session(alice).lasting(Duration.ofMinutes(20)).build());
        clock.advance(Duration.ofMinutes(5).minus(TICK));
        store().touch(List.of(new Touch(idle.ref(), now())), now());
        clock.advance(TICK);
        assertThat(countLive()).isEqualTo(2);

        clock.advance(Duration.ofMinutes(5).minus(TICK.multipliedBy(2)));
        assertThat(countLive()).isEqualTo(2);
        clock.advance(TICK);
        assertThat(countLive()).isEqualTo(1);
        clock.advance(Duration.ofMinutes(10).minus(TICK));
        assertThat(countLive()).isEqualTo(1);
        clock.advance(TICK.multipliedBy(2));
        assertThat(countLive()).isZero();
    }

    @Test
    void a_cut_off_spares_its_exempt_session_and_what_began_later() {
        GivenSession spared = loggedIn(alice);
        loggedIn(alice);
        insert(session(alice).foreign("idp-1").build());
        loggedIn(bob);
        revoke(Given.act(RevocationTarget.subject(alice))
                .exempt(spared.exempt())
                .build());
        assertThat(countLive()).isEqualTo(2);

        clock.advance(Duration.ofMinutes(1));
        loggedIn(alice);
        assertThat(countLive()).isEqualTo(3);
        revoke(RevocationTarget.realm(Given.REALM));
        assertThat(countLive()).isZero();
    }

    @Test
    void what_two_revocations_cover_is_counted_out_once() {
        GivenSession session = insert(session(alice).client(Given.client("web")).build());
        loggedIn(bob);
        revoke(session.target());
        revoke(RevocationTarget.client(Given.client("web")));
        revoke(RevocationTarget.subject(alice));

        assertThat(countLive()).isEqualTo(1);
    }

    @Test
    void a_foreign_session_that_was_revoked_does_not_count_and_its_successor_does() {
        GivenSession first = insert(session(alice).foreign("idp-1").build());
        revoke(first.target());
        assertThat(countLive()).isZero();
        clock.advance(Duration.ofMinutes(1));

        insert(session(alice).foreign("idp-1").build());

        assertThat(countLive()).isEqualTo(1);
    }

    @Test
    void it_is_what_the_rule_says_of_each_session_in_random_histories() {
        for (long seed = 0; seed < Math.max(2, fixture().rounds() / ROUNDS_A_HISTORY); seed++) {
            clock.set(Given.NOW);
            LiveCountHistory history =
                    new LiveCountHistory(seed, opened(fixture().freshStore()), clock);
            try {
                history.run();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    @Test
    void others_that_come_and_go_meanwhile_do_not_change_how_those_count_that_stay() {
        int standing = 50;
        for (int i = 0; i < standing; i++) {
            loggedIn(Given.subject("subject-" + i));
        }
        AtomicBoolean isOver = new AtomicBoolean();
        AtomicInteger logins = new AtomicInteger();
        try (Threads threads = new Threads()) {
            Callable<Object> changing = () -> {
                do {
                    logins.incrementAndGet();
                    revoke(loggedIn(alice).target());
                } while (!isOver.get());
                return "changed";
            };
            Callable<Object> counting = () -> {
                try {
                    for (int i = 0; i < 20; i++) {
                        int before = logins.get();
                        long live = countLive();
                        // Of those that came meanwhile each may have been met while it lived, and one from before.
                        assertThat(live).isBetween((long) standing, standing + 1L + logins.get() - before);
                    }
                } finally {
                    isOver.set(true);
                }
                return "counted";
            };

            threads.atOnce(List.of(changing, counting));
        }
        assertThat(countLive()).isEqualTo(standing);
    }

    @Test
    void nothing_is_counted_before_the_horizon() {
        needs(StoreCapability.HORIZON);
        Instant horizon = RaisedHorizon.of(store(), clock);
        loggedIn(alice);

        clock.set(horizon.minus(TICK));
        assertThatExceptionOfType(BeforeHorizonException.class)
                .isThrownBy(this::countLive)
                .satisfies(e -> assertThat(e.isRetryable()).isTrue());

        clock.set(horizon);
        assertThat(countLive()).isEqualTo(1);
    }
}
