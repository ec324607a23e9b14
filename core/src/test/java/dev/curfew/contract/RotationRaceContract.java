package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.SessionLimit;
import dev.curfew.store.FeedEntry;
import dev.curfew.store.FoundSession;
import dev.curfew.store.InsertResult;
import dev.curfew.store.PayloadChange;
import dev.curfew.store.PayloadRewriting;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RevokeResult;
import dev.curfew.store.RotateResult;
import dev.curfew.store.Rotation;
import dev.curfew.store.SessionStore;
import dev.curfew.store.StoredPayload;
import dev.curfew.store.StoredSession;
import dev.curfew.store.Touch;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Exchanges on real threads: against each other, and against whatever else writes a row or ends it. The secret and the
 * credential that stand are always of one exchange.
 */
@Tag("hunt")
@Tag("RacingRotations")
abstract class RotationRaceContract extends StoreContract {
    private static final int EXCHANGES = 20;

    private final Threads threads = new Threads();

    RotationRaceContract(Supplier<? extends StoreFixture> fixtures) {
        super(fixtures);
    }

    @AfterEach
    void stopThreads() {
        threads.close();
    }

    @Test
    void of_16_threads_on_two_nodes_with_one_secret_exactly_one_rotates_and_all_others_read_its_credential() {
        List<SessionStore> nodes = nodes();
        for (int round = 0; round < fixture().rounds(); round++) {
            GivenSession session = withSecret();
            FeedReader reader = caughtUpReader();

            List<RotateResult> results = threads.atOnce(
                    16,
                    i -> nodes.get(i % nodes.size())
                            .rotate(
                                    session.ref(),
                                    Given.exchange("0", "next-" + i).withNotice(),
                                    now()));

            int winner = results.indexOf(new RotateResult.Rotated());
            StoredSession standing = standing(session);
            assertThat(RotateContract.text(standing)).isEqualTo("next-" + winner);
            List<RotateResult> losers = new ArrayList<>(results);
            losers.remove(winner);
            assertThat(losers)
                    .hasSize(15)
                    .allSatisfy(loser -> InsertContract.assertSameRow(RotateContract.standingIn(loser), standing));
            assertThat(reader.readOn()).containsOnly(new FeedEntry.Rotated(standing.key()));
        }
    }

    /** Each thread follows the chain by the answers alone, as a client does that reads the standing secret. */
    @Test
    void no_exchange_of_a_chain_is_lost() {
        List<SessionStore> nodes = nodes();
        for (int round = 0; round < fixture().rounds() / 10 + 1; round++) {
            GivenSession session = withSecret();

            List<Integer> rotated = threads.atOnce(8, i -> exchanges(nodes.get(i % nodes.size()), session, "-by-" + i));

            String text = RotateContract.text(standing(session));
            assertThat(text)
                    .startsWith(rotated.stream().mapToInt(Integer::intValue).sum() + "-by-");
        }
    }

    @Test
    void a_rotation_racing_revoke_all_is_covered_or_refused_and_never_live_and_uncovered() {
        for (int round = 0; round < fixture().rounds(); round++) {
            GivenSession session = withSecret();
            race(session, Given.act(RevocationTarget.subject(alice)).build(), Precondition.none());
            clock.advance(Duration.ofMinutes(1));
        }
    }

    @Test
    void a_rotation_racing_a_logout_of_the_session_ends_with_the_session_ended() {
        for (int round = 0; round < fixture().rounds(); round++) {
            GivenSession session = withSecret();
            race(session, Given.act(session.target()).build(), Precondition.ownedBy(session.token("t")));
        }
    }

    /** Exchanges one secret after the other until the session is over, which it must be once that was acknowledged. */
    private void race(GivenSession session, RevocationRequest request, Precondition precondition) {
        AtomicBoolean acknowledged = new AtomicBoolean();
        Callable<Object> rotating = () -> rotateUntilOver(session, acknowledged);
        Callable<Object> revoking = () -> {
            RevokeResult result = revoke(request, precondition);
            acknowledged.set(true);
            assertThat(isLive(session)).isFalse();
            return result;
        };

        List<Object> answers = threads.atOnce(List.of(rotating, revoking));

        RevokeResult.Recorded recorded = recorded((RevokeResult) answers.get(1));
        assertThat(recorded.newlyCovered()).isEqualTo(1);
        FoundSession found = find(session).orElseThrow();
        assertThat(found.isLive(now())).isFalse();
        assertThat(found.coveredBy()).containsExactly(recorded.entry());
        assertThat(isCovered(session.token("t"))).isTrue();
        assertThat(RotateContract.text(found.session())).isEqualTo(answers.get(0));
        assertThat(RotateContract.foundIn(
                                store().rotate(session.ref(), Given.exchange((String) answers.get(0), "late"), now()))
                        .coveredBy())
                .containsExactly(recorded.entry());
    }

    private String rotateUntilOver(GivenSession session, AtomicBoolean acknowledged) {
        String standing = "0";
        for (int i = 1; i <= EXCHANGES; i++) {
            boolean tooLate = acknowledged.get();
            RotateResult result = store().rotate(session.ref(), Given.exchange(standing, "next-" + i), now());
            if (!result.equals(new RotateResult.Rotated())) {
                assertThat(RotateContract.foundIn(result).coveredBy()).hasSize(1);
                return standing;
            }
            assertThat(tooLate).isFalse();
            standing = "next-" + i;
        }
        return standing;
    }

    @Test
    void a_rotation_racing_a_login_that_replaces_its_session_ends_with_the_session_ended() {
        for (int round = 0; round < fixture().rounds(); round++) {
            GivenSession session = withSecret();
            GivenSession next = session(alice).build();
            AtomicBoolean acknowledged = new AtomicBoolean();
            Callable<Object> rotating = () -> rotateUntilOver(session, acknowledged);
            Callable<Object> replacing = () -> {
                InsertResult result = insert(next, SessionLimit.unlimited(), session.ref());
                acknowledged.set(true);
                return result;
            };

            List<Object> answers = threads.atOnce(List.of(rotating, replacing));

            assertThat(answers.get(1))
                    .isInstanceOfSatisfying(
                            InsertResult.Inserted.class,
                            inserted -> assertThat(keysOf(inserted.ended())).containsExactly(keys(session)));
            assertThat(isLive(session)).isFalse();
            assertThat(isLive(next)).isTrue();
            assertThat(RotateContract.text(standing(session))).isEqualTo(answers.get(0));
        }
    }

    @Test
    void signs_of_life_and_exchanges_do_not_undo_each_other() {
        for (int round = 0; round < fixture().rounds() / 10 + 1; round++) {
            GivenSession session = withSecret();
            List<Callable<Object>> tasks = new ArrayList<>();
            for (int thread = 0; thread < 3; thread++) {
                String name = "-by-" + thread;
                int first = thread + 1;
                tasks.add(() -> exchanges(store(), session, name));
                tasks.add(() -> {
                    for (int i = 0; i < EXCHANGES; i++) {
                        store().touch(List.of(new Touch(session.ref(), now().plusMillis(first + 3L * i))), now());
                    }
                    return 0;
                });
            }

            int rotated = threads.atOnce(tasks).stream()
                    .mapToInt(answer -> (Integer) answer)
                    .sum();

            StoredSession row = standing(session);
            assertThat(RotateContract.text(row)).startsWith(rotated + "-by-");
            assertThat(row.lastSeenAt()).isEqualTo(now().plusMillis(3L * EXCHANGES));
        }
    }

    @Test
    void a_rewriting_never_puts_an_old_credential_beside_a_new_secret() {
        needs(StoreCapability.PAYLOAD_REWRITING);
        PayloadRewriting rewriting = store().ability(PayloadRewriting.class).orElseThrow();
        for (int round = 0; round < fixture().rounds() / 10 + 1; round++) {
            GivenSession session = withSecret();
            Callable<Integer> rotating = () -> exchanges(store(), session, "-by-0");
            Callable<Integer> rewriteAll = () -> {
                int rewritten = 0;
                for (int i = 1; i <= EXCHANGES; i++) {
                    StoredPayload read = StoredPayload.of(standing(session));
                    byte[] next = {(byte) i};
                    rewritten += rewriting.replace(List.of(new PayloadChange(read, next, read.credential())), now());
                    RotateContract.text(standing(session));
                }
                return rewritten;
            };

            List<Integer> answers = threads.atOnce(List.of(rotating, rewriteAll));

            assertThat(answers.get(0)).isEqualTo(EXCHANGES);
            assertThat(RotateContract.text(standing(session))).isEqualTo(EXCHANGES + "-by-0");
        }
    }

    @Test
    void whoever_reads_the_notice_finds_the_new_secret() {
        int sessions = Math.max(20, fixture().rounds());
        List<GivenSession> all = new ArrayList<>();
        for (int i = 0; i < sessions; i++) {
            all.add(withSecret());
        }
        FeedReader first = caughtUpReader();
        FeedReader second = FeedReader.from(store().feed(), first.position());
        AtomicInteger done = new AtomicInteger();
        Callable<Integer> rotating = () -> {
            for (GivenSession session : all) {
                store().rotate(session.ref(), Given.exchange("0", "1").withNotice(), now());
                done.incrementAndGet();
            }
            return all.size();
        };

        List<Integer> answers =
                threads.atOnce(List.of(rotating, () -> follow(first, all, done), () -> follow(second, all, done)));

        assertThat(answers).containsOnly(sessions);
    }

    /** Reads until nothing is written any more; answers how many sessions it has heard of. */
    private int follow(FeedReader reader, List<GivenSession> all, AtomicInteger done) {
        Set<FeedEntry> heard = new HashSet<>();
        boolean isOver;
        do {
            isOver = done.get() == all.size();
            for (FeedEntry entry : reader.readOn()) {
                if (entry instanceof FeedEntry.Rotated && heard.add(entry)) {
                    GivenSession session = all.stream()
                            .filter(one -> new FeedEntry.Rotated(one.row().key()).equals(entry))
                            .findFirst()
                            .orElseThrow();
                    assertThat(RotateContract.text(standing(session))).isEqualTo("1");
                }
            }
        } while (!isOver);
        return heard.size();
    }

    /** Exchanges whatever stands, as often as it takes; answers how many exchanges were this thread's. */
    private int exchanges(SessionStore node, GivenSession session, String name) {
        int rotated = 0;
        String standing = "0";
        for (int i = 0; i < EXCHANGES; ) {
            Rotation exchange = Given.exchange(standing, generation(standing) + 1 + name);
            Optional<StoredSession> other = mismatch(node.rotate(session.ref(), exchange, now()));
            if (other.isPresent()) {
                standing = RotateContract.text(other.get());
            } else {
                standing = new String(exchange.nextCredential().orElseThrow(), StandardCharsets.UTF_8);
                rotated++;
                i++;
            }
        }
        return rotated;
    }

    private static int generation(String text) {
        return Integer.parseInt(text.split("-", 2)[0]);
    }

    private static Optional<StoredSession> mismatch(RotateResult result) {
        return result.equals(new RotateResult.Rotated())
                ? Optional.empty()
                : Optional.of(RotateContract.standingIn(result));
    }

    private GivenSession withSecret() {
        return insert(session(alice)
                .secret("0")
                .credential("0".getBytes(StandardCharsets.UTF_8))
                .build());
    }

    /** Two nodes if there can be two. */
    private List<SessionStore> nodes() {
        if (!fixture().capabilities().contains(StoreCapability.SEVERAL_NODES)) {
            return List.of(store());
        }
        SessionStore second = fixture().secondNode();
        second.open(Given.SETTINGS, now());
        return List.of(store(), second);
    }
}
