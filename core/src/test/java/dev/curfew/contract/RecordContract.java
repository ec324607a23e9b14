package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.revocation.Actor;
import dev.curfew.revocation.ExemptSession;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.store.ListQuery;
import dev.curfew.store.SessionStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Recording again what another node remembers: verbatim, in any order, any number of times. */
@Tag("Recording")
abstract class RecordContract extends StoreContract {
    private static final Duration DAY = Duration.ofDays(1);

    RecordContract(Supplier<? extends StoreFixture> fixtures) {
        super(fixtures);
    }

    @Test
    void an_entry_is_recorded_as_it_is() {
        GivenSession session = insert(session(alice).client(Given.client("web")).build());
        List<Revocation> entries = List.of(
                entry(RevocationTarget.token(session.token("t")), now(), now().plus(DAY)),
                entry(session.target(), now(), now().plus(DAY)),
                entry(RevocationTarget.subject(alice), now(), now().plus(DAY)),
                entry(RevocationTarget.client(Given.client("web")), now(), now().plus(DAY)),
                entry(RevocationTarget.realm(Given.REALM), now(), now().plus(DAY)),
                entry(RevocationTarget.signingKey("thumb"), now(), Revocation.NEVER));
        FeedReader reader = caughtUpReader();

        store().record(entries, now());

        assertThat(reader.revocations()).containsExactlyInAnyOrderElementsOf(entries);
        assertThat(isLive(session)).isFalse();
        assertThat(store().newestCutOff(alice, now())).isEqualTo(now());
        TokenFacts token = Given.token(alice, "t")
                .session(session.handle())
                .client(Given.client("web"))
                .signingKey("thumb")
                .build();
        assertThat(covering(token)).containsExactlyInAnyOrderElementsOf(entries);
    }

    @Test
    void an_exemption_is_recorded_with_its_cut_off() {
        GivenSession spared = loggedIn(alice);
        GivenSession other = loggedIn(alice);

        store().record(List.of(cutOff(now(), now().plus(DAY), spared.exempt())), now());

        assertThat(live(alice)).containsExactly(keys(spared));
        assertThat(isLive(other)).isFalse();
    }

    @Test
    void nothing_is_recorded_of_nothing() {
        FeedReader reader = caughtUpReader();
        store().record(List.of(), now());
        assertThat(reader.readOn()).isEmpty();
    }

    @Test
    void what_stands_already_is_not_written_again() {
        GivenSession session = loggedIn(alice);
        List<Revocation> standing = List.of(
                revoke(RevocationTarget.token(session.token("t"))).entry(),
                revoke(session.target()).entry(),
                revoke(RevocationTarget.subject(alice)).entry(),
                revoke(RevocationTarget.client(Given.client("web"))).entry(),
                revoke(RevocationTarget.realm(Given.REALM)).entry(),
                revoke(RevocationTarget.signingKey("thumb")).entry());
        FeedReader reader = caughtUpReader();

        store().record(standing, now());
        clock.advance(Duration.ofMinutes(5));
        store().record(standing, now());

        assertThat(reader.readOn()).isEmpty();
    }

    @Test
    void what_a_standing_entry_supersedes_is_not_written() {
        Revocation standing = entry(RevocationTarget.subject(alice), now(), now().plus(DAY));
        store().record(List.of(standing), now());
        FeedReader reader = caughtUpReader();

        store().record(
                        List.of(
                                entry(RevocationTarget.subject(alice), now().minusMillis(1), now().plus(DAY)),
                                entry(
                                        RevocationTarget.subject(alice),
                                        now(),
                                        now().plus(DAY).minusMillis(1)),
                                cutOff(now(), now().plus(DAY), loggedInLater().exempt())),
                        now());

        assertThat(reader.readOn()).isEmpty();
    }

    @Test
    void a_newer_entry_extends_an_older_one() {
        TokenFacts at = Given.token(alice, "t").issuedAt(now()).build();
        TokenFacts later = Given.token(alice, "t").issuedAt(now().plusMillis(1)).build();
        store().record(List.of(entry(RevocationTarget.subject(alice), now(), now().plus(DAY))), now());
        assertThat(isCovered(later)).isFalse();

        store().record(
                        List.of(entry(
                                RevocationTarget.subject(alice),
                                now().plusMillis(1),
                                now().plus(DAY).plusMillis(1))),
                        now());

        assertThat(isCovered(later)).isTrue();
        clock.advance(DAY);
        assertThat(isCovered(at)).isTrue();
        clock.advance(Duration.ofMillis(1));
        assertThat(isCovered(at)).isFalse();
    }

    @Test
    void an_entry_that_is_forgotten_later_makes_the_target_covered_for_longer() {
        RevocationTarget target = Given.tokenTarget(alice, "t");
        TokenFacts token = Given.token(alice, "t").issuedAt(now()).build();
        store().record(List.of(entry(target, now(), now().plus(DAY))), now());
        store().record(List.of(entry(target, now(), now().plus(DAY).plus(DAY))), now());
        store().record(List.of(entry(target, now(), now().plusSeconds(1))), now());

        clock.advance(DAY.plus(DAY).minusMillis(1));
        assertThat(isCovered(token)).isTrue();
        clock.advance(Duration.ofMillis(1));
        assertThat(isCovered(token)).isFalse();
    }

    @Test
    void a_cut_off_of_the_past_lowers_none() {
        Instant standing = revoke(RevocationTarget.subject(alice)).entry().issuedBefore();

        store().record(
                        List.of(entry(
                                RevocationTarget.subject(alice),
                                now().minusSeconds(100),
                                now().plus(Duration.ofDays(300)))),
                        now());

        assertThat(store().newestCutOff(alice, now())).isEqualTo(standing);
        assertThat(isCovered(Given.token(alice, "t").issuedAt(standing).build()))
                .isTrue();
    }

    @Test
    void a_recorded_cut_off_counts_for_the_next_one() {
        store().record(
                        List.of(entry(RevocationTarget.realm(Given.REALM), now().plusSeconds(50), now().plus(DAY))),
                        now());

        assertThat(revoke(RevocationTarget.subject(alice)).entry().issuedBefore())
                .isEqualTo(now().plusSeconds(50).plusMillis(1));
    }

    @Test
    void whatever_the_order_and_the_repeats_the_same_is_covered() {
        for (long seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            List<GivenSession> sessions = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                sessions.add(session(alice).began(now().plusMillis(i)).build());
            }
            List<Revocation> entries = randomEntries(random, sessions);
            SessionStore one = opened(fixture().freshStore());
            one.record(entries, now());
            List<Revocation> shuffled = new ArrayList<>(entries);
            shuffled.addAll(entries.subList(0, 5));
            Collections.shuffle(shuffled, random);
            SessionStore other = opened(fixture().freshStore());
            for (Revocation entry : shuffled) {
                other.record(List.of(entry), now());
            }

            for (int ahead = 0; ahead <= 12; ahead++) {
                Instant then = now().plusMillis(ahead);
                for (GivenSession session : sessions) {
                    TokenFacts token = session.token("t");
                    boolean expected = entries.stream().anyMatch(e -> !e.isForgotten(then) && e.covers(token));
                    assertThat(!one.revocationsCovering(token, then).isEmpty())
                            .as("seed %s, %s ms later", seed, ahead)
                            .isEqualTo(expected);
                    assertThat(!other.revocationsCovering(token, then).isEmpty())
                            .as("shuffled, seed %s, %s ms later", seed, ahead)
                            .isEqualTo(expected);
                }
            }
        }
    }

    /** Many entries of one instant, most of which cover the same; the one recorded first arrives whenever it does. */
    @Test
    void whoever_is_asked_names_the_one_recorded_first() {
        for (long seed = 0; seed < 25; seed++) {
            Random random = new Random(seed * 0x9E3779B97F4A7C15L);
            GivenSession session = loggedIn(Given.subject("order-" + seed));
            List<Revocation> entries = new ArrayList<>();
            for (int i = 2 + random.nextInt(4); i > 0; i--) {
                entries.add(originOf(random, session));
            }

            if (random.nextBoolean()) {
                store().record(entries, now());
            } else {
                entries.forEach(entry -> store().record(List.of(entry), now()));
            }

            Revocation first = Collections.min(entries, Revocation.recordedFirst());
            List<Revocation> found = find(session).orElseThrow().coveredBy();
            assertThat(found)
                    .as("seed %s: %s", seed, entries)
                    .startsWith(first)
                    .isSortedAccordingTo(Revocation.recordedFirst())
                    .isEqualTo(covering(session.token("t")));
            assertThat(pages(session.subject(), ListQuery.all(1)).get(0).coveredBy())
                    .isEqualTo(found);
        }
    }

    private Revocation originOf(Random random, GivenSession session) {
        List<Actor> actors =
                List.of(Actor.user(), Actor.policy("a"), Actor.admin("a"), Actor.admin("B"), Actor.admin("a-1"));
        return Revocation.of(random.nextInt(3) > 0 ? RevocationTarget.subject(session.subject()) : session.target())
                .because(
                        random.nextBoolean() ? RevocationReason.REVOKED_BY_ADMIN : RevocationReason.POLICY,
                        actors.get(random.nextInt(actors.size())))
                .revokedAt(now().plusMillis(random.nextInt(2)))
                .issuedBefore(now().plusMillis(1))
                .forgetAfter(now().plus(DAY))
                .build();
    }

    private List<Revocation> randomEntries(Random random, List<GivenSession> sessions) {
        List<Revocation> entries = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            GivenSession session = sessions.get(random.nextInt(sessions.size()));
            Instant end = now().plusMillis(1 + random.nextInt(10));
            Instant issuedBefore = now().plusMillis(random.nextInt(6));
            entries.add(
                    switch (random.nextInt(4)) {
                        case 0 -> entry(session.target(), issuedBefore, end);
                        case 1 -> entry(RevocationTarget.subject(alice), issuedBefore, end);
                        default -> cutOff(issuedBefore, end, session.exempt());
                    });
        }
        return entries;
    }

    private GivenSession loggedInLater() {
        return session(alice).began(now().plusSeconds(1)).build();
    }

    private Revocation cutOff(Instant issuedBefore, Instant forgetAfter, ExemptSession exempt) {
        return builder(RevocationTarget.subject(alice), issuedBefore, forgetAfter)
                .exempt(exempt)
                .build();
    }

    private Revocation entry(RevocationTarget target, Instant issuedBefore, Instant forgetAfter) {
        return builder(target, issuedBefore, forgetAfter).build();
    }

    private Revocation.Builder builder(RevocationTarget target, Instant issuedBefore, Instant forgetAfter) {
        return Revocation.of(target)
                .because(RevocationReason.BACKCHANNEL_LOGOUT, Actor.policy("rule-9"))
                .revokedAt(now().minusMillis(5))
                .issuedBefore(issuedBefore)
                .forgetAfter(forgetAfter);
    }
}
