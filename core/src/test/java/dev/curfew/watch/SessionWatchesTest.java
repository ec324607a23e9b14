package dev.curfew.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.curfew.check.WatchedStore;
import dev.curfew.contract.Given;
import dev.curfew.contract.ManualClock;
import dev.curfew.contract.TestTokens;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.meter.Meter;
import dev.curfew.replica.ReplicaListener;
import dev.curfew.revocation.Actor;
import dev.curfew.revocation.ExemptSession;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.ClientId;
import dev.curfew.session.LookupKey;
import dev.curfew.session.Realm;
import dev.curfew.session.SubjectId;
import dev.curfew.store.FeedEntry;
import dev.curfew.store.FeedRead;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.SessionStore;
import dev.curfew.token.Caller;
import dev.curfew.watch.WatchNews.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a watch on one node hears of what another node records, and of time. */
@Timeout(120)
class SessionWatchesTest {
    private final ManualClock clock = ManualClock.at(Given.NOW);
    private final WatchedStore store = new WatchedStore(opened(Given.BIRTH));
    private final WatchingNode node = WatchingNode.over(store, clock);
    private final WatchingNode other = WatchingNode.over(store, clock);
    private final SubjectId alice = node.tokens().subject("alice");
    private final SubjectId bob = node.tokens().subject("bob");
    private final Heard heard = new Heard();

    @AfterEach
    void close() {
        store.recover();
        node.close();
        other.close();
    }

    private static SessionStore opened(Instant birth) {
        SessionStore real = InMemorySessionStore.create();
        real.open(Given.SETTINGS, birth);
        return real;
    }

    private void revoke(RevocationRequest.Builder act) {
        other.replica.store().revoke(act.build(), Precondition.none(), clock.instant());
    }

    /** On the other node. */
    private void revoke(RevocationTarget target) {
        revoke(Given.act(target));
    }

    private RevocationTarget target(RevocationTarget.Kind kind, Caller caller) {
        return switch (kind) {
            case TOKEN -> RevocationTarget.token(caller.facts());
            case SESSION, FOREIGN_SESSION ->
                RevocationTarget.session(caller.session().orElseThrow());
            case SUBJECT -> RevocationTarget.subject(alice);
            case CLIENT -> RevocationTarget.client(new ClientId(Given.REALM, "web"));
            case REALM -> RevocationTarget.realm(Given.REALM);
            case SIGNING_KEY -> RevocationTarget.signingKey(TestTokens.thumbprint());
            case BIRTH -> throw new AssertionError();
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"TOKEN", "SESSION", "SUBJECT", "CLIENT", "REALM", "SIGNING_KEY"})
    void whatever_is_revoked_elsewhere_is_told_once_with_its_reason_and_ends_the_watch(RevocationTarget.Kind kind) {
        Caller caller = node.caller(alice);
        SessionWatch watch = node.watches.watch(caller, heard);
        assertThat(watch.isOpen()).isTrue();

        revoke(target(kind, caller));
        node.catchUp();
        heard.assertRevoked(RevocationReason.REVOKED_BY_ADMIN);
        revoke(target(kind, caller));
        revoke(target(RevocationTarget.Kind.SUBJECT, caller));
        node.catchUp();
        node.goRound();

        heard.assertNothing();
        assertThat(watch.isOpen()).isFalse();
        node.awaitTidy();
    }

    @Test
    void a_foreign_session_is_found_by_its_own_name() {
        TestTokens partner = TestTokens.foreign(Given.REALM, clock);
        Caller caller = partner.draft("alice").with("sid", "sid-1").verified();
        Heard another = new Heard();
        node.watches.watch(caller, heard);
        node.watches.watch(partner.draft("alice").with("sid", "sid-2").verified(), another);

        revoke(target(RevocationTarget.Kind.FOREIGN_SESSION, caller));
        node.catchUp();
        heard.assertRevoked(RevocationReason.REVOKED_BY_ADMIN);

        another.assertNothing();
    }

    @Test
    void whatever_is_of_others_or_began_later_or_is_spared_hears_nothing() {
        Caller caller = node.caller(alice);
        List<Heard> spared = List.of(heard, new Heard(), new Heard(), new Heard());
        node.watches.watch(caller, spared.get(0));
        node.watches.watch(node.caller(bob), spared.get(1));
        Heard ended = new Heard();
        node.watches.watch(node.caller(alice), ended);
        Instant then = clock.instant();
        clock.advance(Duration.ofSeconds(3));
        node.watches.watch(node.caller(alice), spared.get(2));
        node.watches.watch(node.draft(bob).with("client_id", "app").verified(), spared.get(3));

        revoke(Given.act(RevocationTarget.subject(alice))
                .exempt(ExemptSession.of(caller.session().orElseThrow()))
                .issuedBefore(then));
        revoke(Given.act(RevocationTarget.client(new ClientId(Given.REALM, "web")))
                .issuedBefore(then.minusSeconds(1)));
        revoke(RevocationTarget.realm(Realm.of("elsewhere")));
        node.catchUp();
        ended.assertRevoked(RevocationReason.REVOKED_BY_ADMIN);
        node.goRound();

        assertThat(spared).allSatisfy(Heard::assertNothing);
        assertThat(node.watches.size()).isEqualTo(4);
    }

    @Test
    void what_this_node_records_is_told_without_a_read_of_the_feed() {
        Caller caller = other.caller(alice);
        other.watches.watch(caller, heard);

        revoke(target(RevocationTarget.Kind.SESSION, caller));

        heard.assertRevoked(RevocationReason.REVOKED_BY_ADMIN);
    }

    @Test
    void whoever_is_revoked_already_hears_of_it_once() {
        Caller caller = node.caller(alice);
        revoke(target(RevocationTarget.Kind.REALM, caller));
        node.catchUp();

        SessionWatch watch = node.watches.watch(caller, heard);

        heard.assertRevoked(RevocationReason.REVOKED_BY_ADMIN);
        node.goRound();
        heard.assertNothing();
        assertThat(watch.isOpen()).isFalse();
        node.awaitTidy();
    }

    @Test
    void what_is_open_counts_as_revoked_and_is_looked_through_once_however_often_it_is_read() {
        Revocation open = Revocation.of(RevocationTarget.subject(alice))
                .issuedBefore(Revocation.NEVER)
                .revokedAt(clock.instant())
                .forgetAfter(Revocation.NEVER)
                .because(RevocationReason.CREDENTIAL_CHANGED, Actor.system())
                .build();
        List<Revocation> recorded = new ArrayList<>();
        node.replica.listen(new ReplicaListener() {
            @Override
            public void recorded(Revocation revocation) {
                recorded.add(revocation);
            }
        });
        Caller caller = node.caller(alice);
        node.watches.watch(caller, heard);

        bring(new FeedEntry.Opened(new LookupKey(1, 2), open));
        node.catchUp();
        node.catchUp();

        heard.assertRevoked(RevocationReason.CREDENTIAL_CHANGED);
        assertThat(recorded).containsExactly(open);
    }

    private void bring(FeedEntry entry) {
        store.changeReads(answer -> {
            FeedRead.Page page = (FeedRead.Page) answer;
            List<FeedEntry> entries = new ArrayList<>(page.entries());
            entries.add(entry);
            return new FeedRead.Page(entries, page.next(), page.isCaughtUp(), 0, page.times());
        });
    }

    @Test
    void a_store_that_was_made_anew_ends_whatever_is_older() {
        node.watches.watch(node.caller(alice), heard);
        clock.advance(Duration.ofMinutes(1));

        store.replaceBy(opened(clock.instant()));
        node.catchUp();

        assertThat(heard.last()).isEqualTo(WatchNews.revoked(RevocationReason.STORE_CREATED));
    }

    @Test
    void an_exchange_is_told_and_ends_nothing() {
        Caller caller = node.caller(alice);
        SessionWatch watch = node.watches.watch(caller, heard);

        bring(new FeedEntry.Rotated(caller.facts().sessionKey()));
        node.catchUp();

        heard.assertNext(Kind.RENEWED);
        assertThat(watch.isOpen()).isTrue();
        revoke(target(RevocationTarget.Kind.SESSION, caller));
        node.catchUp();
        assertThat(heard.last().kind()).isEqualTo(Kind.REVOKED);
    }

    @Test
    void after_a_gap_whoever_has_a_session_is_told_to_look_again() {
        Heard sessionless = new Heard();
        node.watches.watch(node.caller(alice), heard);
        node.watches.watch(node.tokens().draft("alice").verified(), sessionless);
        AtomicBoolean gap = new AtomicBoolean(true);

        store.changeReads(answer -> gap.getAndSet(false) ? new FeedRead.Gap() : answer);
        node.catchUp();

        assertThat(kinds(heard).filter(kind -> kind == Kind.RENEWED).findFirst())
                .isPresent();
        node.goRound();
        revoke(RevocationTarget.subject(alice));
        node.catchUp();
        assertThat(kinds(sessionless).takeWhile(kind -> !kind.isLast())).doesNotContain(Kind.RENEWED);
    }

    /** What comes, waiting for each. */
    private static Stream<Kind> kinds(Heard of) {
        return Stream.generate(of::next).map(WatchNews::kind);
    }

    @Test
    void what_was_revoked_in_a_gap_is_told_by_the_load() {
        Caller caller = node.caller(alice);
        node.watches.watch(caller, heard);
        AtomicBoolean gap = new AtomicBoolean(true);

        revoke(target(RevocationTarget.Kind.SESSION, caller));
        store.changeReads(answer -> gap.getAndSet(false) ? new FeedRead.Gap() : answer);
        node.catchUp();

        assertThat(heard.last()).isEqualTo(WatchNews.revoked(RevocationReason.REVOKED_BY_ADMIN));
    }

    @Test
    void a_node_that_is_too_old_says_so_and_says_when_it_is_not() {
        try (WatchingNode polling = WatchingNode.polling(store, clock)) {
            Heard ofAlice = new Heard();
            Heard late = new Heard();
            polling.watches.watch(node.caller(bob), heard);
            polling.watches.watch(node.caller(alice), ofAlice);
            store.goDown();
            clock.advance(Duration.ofSeconds(6));
            heard.assertNext(Kind.UNSURE);
            ofAlice.assertNext(Kind.UNSURE);

            polling.watches.watch(node.caller(bob), late);
            late.assertNext(Kind.UNSURE);
            store.recover();
            revoke(RevocationTarget.subject(alice));
            polling.catchUp();

            heard.assertNext(Kind.SURE);
            late.assertNext(Kind.SURE);
            Stream<Kind> ofAliceThen = Stream.generate(ofAlice::next).map(WatchNews::kind);
            assertThat(ofAliceThen.filter(kind -> kind != Kind.SURE).findFirst())
                    .contains(Kind.REVOKED);
        }
    }

    @Test
    void time_ends_a_token_at_the_instant_at_which_nothing_accepts_it_any_more() {
        Heard before = new Heard();
        long now = clock.instant().getEpochSecond();
        SessionWatch watch =
                node.watches.watch(node.draft(alice).with("exp", now + 100).verified(), heard);
        node.watches.watch(node.draft(alice).with("exp", now + 99).verified(), before);

        clock.advance(Duration.ofSeconds(99).plus(TestTokens.SKEW));
        before.assertNext(Kind.ENDED_BY_TIME);
        assertThat(watch.isOpen()).isTrue();
        clock.advance(Duration.ofMillis(999));
        node.goRound();
        assertThat(watch.isOpen()).isTrue();
        clock.advance(Duration.ofMillis(1));

        heard.assertNext(Kind.ENDED_BY_TIME);
        assertThat(watch.isOpen()).isFalse();
    }

    @Test
    void a_watch_that_its_host_closes_hears_nothing_more_and_leaves_nothing_behind() {
        Caller caller = node.caller(alice);
        SessionWatch watch = node.watches.watch(caller, heard);
        Heard stays = new Heard();
        node.watches.watch(caller, stays);

        watch.close();
        watch.close();
        revoke(target(RevocationTarget.Kind.SESSION, caller));
        node.catchUp();

        stays.assertRevoked(RevocationReason.REVOKED_BY_ADMIN);
        heard.assertNothing();
        assertThat(node.watches.size()).isZero();
        node.goRound();
        node.awaitTidy();
    }

    @Test
    void beyond_the_bound_a_watch_is_refused_by_the_name_of_the_setting_until_one_ends() {
        try (WatchingNode small = WatchingNode.over(store, clock, settings -> settings.watchesAtMost(2))) {
            Caller caller = small.caller(alice);
            SessionWatch first = small.watches.watch(caller, heard);
            small.watches.watch(small.caller(bob), heard);

            assertThatExceptionOfType(TooManyWatchesException.class)
                    .isThrownBy(() -> small.watches.watch(caller, heard))
                    .withMessageContaining("watchesAtMost(2)")
                    .satisfies(refused -> assertThat(refused.isRetryable()).isTrue());

            first.close();
            small.watches.watch(caller, heard);
            assertThat(small.watches.size()).isEqualTo(2);
            assertThat(valueOf(small, "curfew.watches.refused", Map.of())).isEqualTo(1);
            assertThat(valueOf(small, "curfew.watches", Map.of())).isEqualTo(2);
        }
    }

    private static double valueOf(WatchingNode node, String name, Map<String, String> tags) {
        return node.watches.meters().stream()
                .filter(meter -> meter.name().equals(name) && meter.tags().equals(tags))
                .mapToDouble(meter -> meter instanceof Meter.Counter counter
                        ? counter.count().getAsLong()
                        : ((Meter.Gauge) meter).value().getAsDouble())
                .sum();
    }

    @Test
    void when_the_service_closes_every_watch_is_told_and_there_are_no_new_ones() {
        WatchingNode closing = WatchingNode.over(store, clock);
        Caller caller = closing.caller(alice);
        SessionWatch watch = closing.watches.watch(caller, heard);

        closing.close();

        heard.assertNext(Kind.CLOSED);
        assertThat(watch.isOpen()).isFalse();
        assertThat(valueOf(closing, "curfew.watches.told", Map.of("news", "closed")))
                .isEqualTo(1);
        assertThatIllegalStateException()
                .isThrownBy(() -> closing.watches.watch(caller, heard))
                .withMessageContaining("closed");
    }

    @Test
    void a_watch_that_registers_while_its_session_is_revoked_hears_of_it_once() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        List<Heard> all = new ArrayList<>();
        List<RevocationTarget.Kind> kinds = List.of(
                RevocationTarget.Kind.TOKEN,
                RevocationTarget.Kind.SESSION,
                RevocationTarget.Kind.SUBJECT,
                RevocationTarget.Kind.CLIENT);
        try {
            for (int i = 0; i < 2_000; i++) {
                Heard one = new Heard();
                SubjectId subject = node.tokens().subject("subject-" + i);
                Caller caller =
                        node.draft(subject).with("client_id", "client-" + i).verified();
                RevocationTarget.Kind kind = kinds.get(i % kinds.size());
                RevocationTarget target = switch (kind) {
                    case SUBJECT -> RevocationTarget.subject(subject);
                    case CLIENT -> RevocationTarget.client(new ClientId(Given.REALM, "client-" + i));
                    default -> target(kind, caller);
                };
                Future<?> registering = threads.submit(() -> node.watches.watch(caller, one));
                Future<?> revoking = threads.submit(() ->
                        node.replica.store().revoke(Given.act(target).build(), Precondition.none(), clock.instant()));
                registering.get(30, TimeUnit.SECONDS);
                revoking.get(30, TimeUnit.SECONDS);
                all.add(one);
            }
        } finally {
            threads.shutdown();
        }

        all.forEach(one -> one.assertRevoked(RevocationReason.REVOKED_BY_ADMIN));
        node.goRound();
        assertThat(all).allSatisfy(Heard::assertNothing);
        node.awaitTidy();
    }
}
