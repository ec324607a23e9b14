package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.replica.RevocationReplica;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.SessionLimit;
import dev.curfew.store.NewSession;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RevokeResult;
import dev.curfew.store.SessionStore;
import dev.curfew.watch.SessionWatches;
import dev.curfew.watch.WatchNews;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Nodes that keep replicas of the store: none lets a revoked token pass, and each hears of what the others record. */
@Tag("Replicas")
abstract class ReplicaContract extends StoreContract {
    private static final Duration HUNT = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    ReplicaContract(Supplier<? extends StoreFixture> fixtures) {
        super(fixtures);
    }

    @Test
    void no_revoked_token_passes_on_any_node_and_no_live_one_is_refused() {
        List<SessionStore> stores = List.of(store(), nextNode());
        try (RevocationHunt hunt = new RevocationHunt(stores, clock)) {
            hunt.hunt(HUNT, () -> {});

            assertThat(hunt.checks()).isGreaterThan(10_000);
        }
    }

    @Test
    void what_another_node_records_is_received_once_and_what_a_node_records_itself_is_not() {
        needs(StoreCapability.SEVERAL_NODES);
        List<Revocation> hereReceived = new CopyOnWriteArrayList<>();
        List<Revocation> thereReceived = new CopyOnWriteArrayList<>();
        try (RevocationReplica here = replica(store());
                RevocationReplica there = replica(nextNode())) {
            here.whenReceived((entries, at) -> hereReceived.addAll(entries));
            there.whenReceived((entries, at) -> thereReceived.addAll(entries));
            GivenSession replaced = loggedIn(bob);
            here.store()
                    .insert(
                            new NewSession(
                                    session(bob).build().row(), SessionLimit.unlimited(), Optional.of(replaced.ref())),
                            now());
            Revocation replacement = RevocationRequest.replaced(replaced.row(), now(), Given.SETTINGS);
            List<RevocationTarget> targets = List.of(
                    loggedIn(alice).target(),
                    insert(session(alice).foreign("sid-1").build()).target(),
                    Given.tokenTarget(alice, "t"),
                    RevocationTarget.subject(alice),
                    RevocationTarget.client(Given.client("web")),
                    RevocationTarget.realm(Given.REALM),
                    RevocationTarget.signingKey("thumb"));
            List<Revocation> recorded = new ArrayList<>(List.of(replacement));
            targets.stream()
                    .map(target -> Given.act(target).build())
                    .map(act -> recorded(here.store().revoke(act, Precondition.none(), now())))
                    .map(RevokeResult.Recorded::entry)
                    .forEach(recorded::add);

            // A second read finds the same again where a feed does not number at once, or spreads what is of all.
            for (int read = 0; read < 3; read++) {
                assertThat(here.catchUp(PATIENCE)).isTrue();
                assertThat(there.catchUp(PATIENCE)).isTrue();
            }

            assertThat(thereReceived).containsExactlyInAnyOrderElementsOf(recorded);
            assertThat(hereReceived).isEmpty();
        }
    }

    @Test
    void a_watch_on_another_node_hears_of_an_exchange_and_then_once_of_the_end() {
        BlockingQueue<WatchNews> heard = new LinkedBlockingQueue<>();
        try (RevocationReplica here = replica(store());
                RevocationReplica there = replica(nextNode());
                SessionWatches watches = SessionWatches.of(
                                there, there.checker().build())
                        .clock(clock)
                        .executor(Runnable::run)
                        .build()) {
            TestTokens tokens = TestTokens.ours(Given.REALM, clock);
            GivenSession session = insert(session(alice).secret("first").build());
            watches.watch(
                    tokens.draft("alice").with("sid", session.handle().value()).verified(), heard::add);
            here.store().rotate(session.ref(), Given.exchange("first", "second").withNotice(), now());
            assertThat(there.catchUp(PATIENCE)).isTrue();
            assertThat(next(heard)).isEqualTo(WatchNews.Kind.RENEWED);

            here.store().revoke(Given.act(session.target()).build(), Precondition.none(), now());
            for (int read = 0; read < 3; read++) {
                assertThat(there.catchUp(PATIENCE)).isTrue();
            }

            // What was exchanged may be told once more before.
            assertThat(Stream.generate(() -> next(heard))
                            .filter(kind -> kind != WatchNews.Kind.RENEWED)
                            .findFirst())
                    .contains(WatchNews.Kind.REVOKED);
            assertThat(watches.size()).isZero();
        }
        // Closing has told whatever waited.
        assertThat(heard).isEmpty();
    }

    private static WatchNews.Kind next(BlockingQueue<WatchNews> heard) {
        try {
            WatchNews next = heard.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(next).as("news").isNotNull();
            return next.kind();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private RevocationReplica replica(SessionStore store) {
        return RevocationReplica.of(store, Given.SETTINGS)
                .clock(clock, clock.ticker())
                .staleness(Duration.ofHours(1), Duration.ofMinutes(20))
                .start();
    }

    private SessionStore nextNode() {
        if (!fixture().capabilities().contains(StoreCapability.SEVERAL_NODES)) {
            return store();
        }
        SessionStore second = fixture().secondNode();
        second.open(Given.SETTINGS, now());
        return second;
    }
}
