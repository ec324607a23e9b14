package dev.curfew.suspicion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.curfew.contract.Given;
import dev.curfew.event.RequestContext;
import dev.curfew.event.SessionEvent.Denial;
import dev.curfew.event.SessionEvent.RevocationDenied;
import dev.curfew.event.SessionEvent.RevocationRecorded;
import dev.curfew.event.SessionEvent.RevokedTokenUsed;
import dev.curfew.event.SessionEvent.SessionCreated;
import dev.curfew.event.SessionEvent.SuspicionRaised;
import dev.curfew.event.SuspicionKind;
import dev.curfew.revocation.Actor;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.Realm;
import dev.curfew.session.Session;
import dev.curfew.session.SubjectId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is suspicious, from when on, and how often it is said. */
final class SuspicionDetectorTest {
    private static final Duration WINDOW = Duration.ofMinutes(10);
    private static final SubjectId ALICE = Given.subject("alice");
    private static final SubjectId BOB = Given.subject("bob");

    private final List<SuspicionRaised> raised = new ArrayList<>();
    private final SuspicionDetector detector = SuspicionDetector.of(threeOfEach(), raised::add);
    private int names;

    private static SuspicionRules threeOfEach() {
        SuspicionRules rules = SuspicionRules.none();
        for (SuspicionKind kind : SuspicionKind.values()) {
            rules = rules.moreThan(3, kind, WINDOW);
        }
        return rules;
    }

    @Test
    void up_to_the_threshold_nothing_is_said_and_then_one_thing() {
        for (int i = 0; i < 3; i++) {
            denied(ALICE, at(i));
        }
        assertThat(raised).isEmpty();
        for (int i = 3; i < 50; i++) {
            denied(ALICE, at(i));
        }
        assertThat(raised)
                .containsExactly(new SuspicionRaised(
                        "suspicion:foreign_ids:" + ALICE.key() + ":" + at(3).toEpochMilli(),
                        at(3),
                        SuspicionKind.FOREIGN_IDS,
                        ALICE,
                        4,
                        at(0)));
    }

    @Test
    void what_is_as_old_as_the_window_does_not_count_any_more() {
        Instant end = Given.NOW.plus(WINDOW);
        denied(ALICE, at(0));
        denied(ALICE, at(1));
        denied(ALICE, at(2));
        denied(ALICE, end);
        assertThat(raised).isEmpty();
        denied(ALICE, end);
        assertThat(raised)
                .singleElement()
                .satisfies(it -> assertThat(it.since()).isEqualTo(at(1)));
    }

    @Test
    void an_episode_lasts_until_the_window_was_quiet() {
        Instant now = Given.NOW;
        // Never more than a window apart: one episode, however long.
        for (int i = 0; i < 40; i++) {
            denied(ALICE, now.plus(WINDOW.dividedBy(2).multipliedBy(i)));
            denied(ALICE, now.plus(WINDOW.dividedBy(2).multipliedBy(i)));
        }
        assertThat(raised).hasSize(1);
        now = now.plus(WINDOW.dividedBy(2).multipliedBy(39)).plus(WINDOW);
        for (int i = 0; i < 4; i++) {
            denied(ALICE, now);
        }
        assertThat(raised).hasSize(2);
        assertThat(raised).extracting(SuspicionRaised::id).doesNotHaveDuplicates();
    }

    @Test
    void an_event_that_is_delivered_twice_counts_once() {
        for (int i = 0; i < 20; i++) {
            detector.onEvent(new RevocationDenied("same", at(i), ALICE, target(), Denial.NOT_OWNED));
        }
        assertThat(raised).isEmpty();
    }

    @Test
    void subjects_and_realms_and_kinds_stay_apart() {
        SubjectId namesake = new SubjectId(Realm.of("bank"), "alice");
        for (int i = 0; i < 3; i++) {
            denied(ALICE, at(i));
            denied(BOB, at(i));
            denied(namesake, at(i));
            used(ALICE, RevocationReason.USER_LOGOUT, at(i));
            ended(ALICE, Actor.user(), at(i));
        }
        assertThat(raised).isEmpty();
        denied(namesake, at(9));
        assertThat(raised).extracting(SuspicionRaised::subject).containsExactly(namesake);
    }

    @Test
    void only_what_the_user_did_is_a_termination() {
        for (int i = 0; i < 9; i++) {
            ended(ALICE, Actor.admin("admin-7"), at(i));
            ended(ALICE, Actor.system(), at(i));
            ended(ALICE, Actor.policy("p"), at(i));
        }
        assertThat(raised).isEmpty();
        for (int i = 0; i < 4; i++) {
            ended(ALICE, Actor.user(), at(i));
        }
        assertThat(raised).extracting(SuspicionRaised::kind).containsExactly(SuspicionKind.TERMINATIONS);
    }

    @Test
    void a_caller_whose_token_is_revoked_guesses_no_ids() {
        for (int i = 0; i < 9; i++) {
            detector.onEvent(new RevocationDenied(name(), at(i), ALICE, target(), Denial.CALLER_REVOKED));
            detector.onEvent(new RevocationDenied(name(), at(i), null, target(), Denial.NOT_OWNED));
        }
        assertThat(raised).isEmpty();
    }

    @Test
    void uses_of_what_a_suspicion_ended_are_no_reason_for_the_next_one() {
        for (int i = 0; i < 9; i++) {
            used(ALICE, RevocationReason.SUSPICIOUS_ACTIVITY, at(i));
        }
        assertThat(raised).isEmpty();
        for (int i = 0; i < 4; i++) {
            used(ALICE, RevocationReason.REVOKED_BY_USER, at(i));
        }
        assertThat(raised).extracting(SuspicionRaised::kind).containsExactly(SuspicionKind.REVOKED_TOKENS);
    }

    @Test
    void logins_from_many_networks_are_suspicious_and_from_many_hosts_of_one_network_are_not() {
        for (int i = 0; i < 20; i++) {
            login(ALICE, "2001:db8:1:2::" + i, at(i));
            login(ALICE, "192.0.2.1", at(i));
            login(ALICE, "::ffff:192.0.2.1", at(i));
            login(ALICE, "unknown" + i, at(i));
        }
        assertThat(raised).isEmpty();
        login(ALICE, "2001:db8:1:3::1", at(30));
        assertThat(raised).isEmpty();
        login(ALICE, "192.0.2.2", at(31));
        assertThat(raised)
                .singleElement()
                .satisfies(it -> assertThat(it)
                        .returns(SuspicionKind.ADDRESSES, SuspicionRaised::kind)
                        .returns(4, SuspicionRaised::count));
    }

    @Test
    void an_episode_of_addresses_ends_although_the_subject_goes_on_at_home() {
        for (int i = 0; i < 4; i++) {
            login(ALICE, "192.0.2." + i, at(i));
        }
        assertThat(raised).hasSize(1);
        // At home, more often than once a window; everywhere else it is quiet.
        for (int i = 1; i <= 4; i++) {
            login(ALICE, "192.0.2.3", at(3).plus(WINDOW.dividedBy(2).multipliedBy(i)));
        }
        Instant later = at(3).plus(WINDOW.multipliedBy(2));
        for (int i = 0; i < 3; i++) {
            login(ALICE, "198.51.100." + i, later);
        }
        assertThat(raised).hasSize(2);
    }

    @Test
    void the_one_who_did_nothing_for_the_longest_time_is_forgotten_first() {
        for (int i = 0; i < 3; i++) {
            denied(ALICE, at(0));
            denied(BOB, at(0));
        }
        for (int i = 0; i < 4_095; i++) {
            if (i == 2_000) {
                denied(BOB, at(0));
            }
            denied(Given.subject("other" + i), at(0));
        }
        assertThat(raised).extracting(SuspicionRaised::subject).containsExactly(BOB);
        denied(ALICE, at(1));
        assertThat(raised).hasSize(1);
    }

    @Test
    void a_kind_without_a_rule_is_never_suspicious() {
        SuspicionDetector without = SuspicionDetector.of(threeOfEach().without(SuspicionKind.FOREIGN_IDS), raised::add);
        for (int i = 0; i < 9; i++) {
            without.onEvent(new RevocationDenied(name(), at(i), ALICE, target(), Denial.NOT_OWNED));
        }
        assertThat(raised).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.7, c0000207",
        "::ffff:192.0.2.7, c0000207",
        "2001:db8::1, 20010db800000000",
        "2001:DB8:0:0:ffff::1, 20010db800000000",
        "::1, 0000000000000000"
    })
    void an_address_is_known_by_its_network(String literal, String network) {
        assertThat(ClientNetwork.of(literal)).hasValue(network);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "unknown",
                "1.2.3",
                "1.2.3.256",
                "01.2.3.4",
                "localhost",
                "fe80::1%eth0",
                ":::",
                "1:2",
                "a.b",
                "[::1]"
            })
    void what_is_no_address_is_no_place(String text) {
        assertThat(ClientNetwork.of(text)).isEmpty();
    }

    @Test
    void rules_that_make_no_sense_are_refused() {
        SuspicionRules rules = SuspicionRules.defaults();
        for (int threshold : new int[] {0, -1, 101}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> rules.moreThan(threshold, SuspicionKind.ADDRESSES, WINDOW));
        }
        for (Duration window :
                List.of(Duration.ZERO, WINDOW.negated(), Duration.ofDays(1).plusNanos(1))) {
            assertThatIllegalArgumentException().isThrownBy(() -> rules.moreThan(1, SuspicionKind.ADDRESSES, window));
        }
    }

    private void denied(SubjectId caller, Instant at) {
        detector.onEvent(new RevocationDenied(name(), at, caller, target(), Denial.NOT_OWNED));
    }

    private void used(SubjectId subject, RevocationReason by, Instant at) {
        detector.onEvent(new RevokedTokenUsed(name(), at, subject, null, by));
    }

    private void ended(SubjectId subject, Actor actor, Instant at) {
        Revocation entry = Revocation.of(RevocationTarget.subject(subject))
                .because(RevocationReason.REVOKED_BY_USER, actor)
                .revokedAt(at)
                .issuedBefore(at)
                .forgetAfter(at.plus(WINDOW))
                .build();
        detector.onEvent(new RevocationRecorded(name(), at, entry.target(), subject, null, entry, OptionalLong.of(1)));
    }

    private void login(SubjectId subject, String address, Instant at) {
        Session session = Session.of(subject, Given.sessionId(subject, at))
                .authenticatedAt(at)
                .createdAt(at)
                .lastSeenAt(at)
                .expiresAt(at.plus(WINDOW))
                .idleTimeout(WINDOW)
                .build();
        detector.onEvent(
                new SessionCreated(name(), at, session), RequestContext.none().withAddress(address));
    }

    private String name() {
        return "event-" + names++;
    }

    private static Instant at(int seconds) {
        return Given.NOW.plusSeconds(seconds);
    }

    private static RevocationTarget target() {
        return RevocationTarget.subject(BOB);
    }
}
