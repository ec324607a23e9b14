package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.contract.TestKeys;
import dev.curfew.crypto.KeyRing;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.CurfewException;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.InvalidIdentifierException;
import dev.curfew.session.Session;
import dev.curfew.session.SessionId;
import dev.curfew.session.SubjectId;
import dev.curfew.store.FeedEntry;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.FeedRead;
import dev.curfew.store.ListQuery;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.subject.RenameOutcome;
import dev.curfew.subject.RenameOutcome.CallerRevoked;
import dev.curfew.subject.RenameOutcome.NotOwned;
import dev.curfew.subject.RenameOutcome.Renamed;
import dev.curfew.token.Caller;
import dev.curfew.token.VerifiedToken;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Names that people give to their sessions. SES-08, SES-10. */
class RenameTest {
    private final TestHost host = TestHost.start();
    private final Session session = host.login(host.alice);
    private final VerifiedToken caller = host.tokens.of(session);
    private final AtomicBoolean isOuter = new AtomicBoolean(true);

    private RenameOutcome rename(Caller by, Session which, String label) {
        return host.service.subjects().rename(by, which.handle().value(), label);
    }

    private Session stored(SubjectId subject, Session which) {
        return host.service.listSessions(subject, ListQuery.all(10)).entries().stream()
                .map(SessionList.Entry::session)
                .filter(one -> one.handle().equals(which.handle()))
                .findFirst()
                .orElseThrow();
    }

    private void beforeRotate(Runnable hook) {
        host.store.before(verb -> {
            if (verb.equals("rotate")) {
                hook.run();
            }
        });
    }

    @Test
    void a_person_names_their_own_session_and_nothing_else_of_it_changes() {
        Session rich = host.service
                .beginLogin(host.alice)
                .attributes(Map.of("country", "ES"))
                .evidence("mfa", Set.of("pwd", "otp"))
                .complete(DeviceInfo.of("Firefox on Linux"))
                .orElseThrow();

        RenameOutcome outcome = rename(host.tokens.of(rich), rich, "Work laptop");

        Session now = stored(host.alice, rich);
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Renamed.class,
                        renamed -> assertThat(renamed.session().label()).contains("Work laptop"));
        assertThat(now.label()).contains("Work laptop");
        assertThat(now.attributes()).isEqualTo(rich.attributes());
        assertThat(now.device()).isEqualTo(rich.device());
        assertThat(now.evidence()).isEqualTo(rich.evidence());
        assertThat(now.lastSeenAt()).isEqualTo(rich.lastSeenAt());
        host.assertActive(host.tokens.of(rich));
    }

    @Test
    void it_takes_two_round_trips_beside_the_check_of_the_caller_and_is_no_event() {
        host.store.takeCalls();
        host.events.clear();

        rename(caller, session, "Work laptop");

        assertThat(host.store.takeCalls()).containsExactly("revocationsCovering", "find", "rotate");
        assertThat(host.events).isEmpty();
    }

    @Test
    void another_session_of_the_caller_is_named_as_well() {
        Session other = host.login(host.alice);

        assertThat(rename(caller, other, "Telephone")).isInstanceOf(Renamed.class);

        assertThat(stored(host.alice, other).label()).contains("Telephone");
        assertThat(stored(host.alice, session).label()).isEmpty();
    }

    @Test
    void an_empty_label_takes_the_name_away_and_the_same_one_writes_nothing() {
        rename(caller, session, "Work laptop");
        host.store.takeCalls();

        assertThat(rename(caller, session, "Work laptop")).isInstanceOf(Renamed.class);
        assertThat(host.store.takeCalls()).doesNotContain("rotate");
        assertThat(rename(caller, session, "")).isInstanceOf(Renamed.class);

        assertThat(stored(host.alice, session).label()).isEmpty();
    }

    @Test
    void a_session_of_an_issuer_is_named_by_its_own_handle() {
        VerifiedToken foreign = host.partner.draft("carol").with("sid", "idp-1").verified();
        Session adopted = host.adopt(foreign);

        assertThat(host.service.subjects().rename(foreign, "idp-1", "At the partner's"))
                .isInstanceOf(Renamed.class);

        assertThat(stored(adopted.subject(), adopted).label()).contains("At the partner's");
    }

    @Test
    void unknown_foreign_ended_and_malformed_handles_get_the_same_answer_and_change_nothing() {
        Session bobs = host.login(host.bob);
        Session ended = host.login(host.alice);
        host.service.revokeSession(host.alice, ended.handle(), TestHost.BY_ADMIN);
        String unknown =
                SessionId.mint(host.alice, host.now(), new SecureRandom()).value();

        assertThat(rename(caller, bobs, "Mine")).isEqualTo(new NotOwned());
        assertThat(rename(caller, ended, "Mine")).isEqualTo(new NotOwned());
        assertThat(host.service.subjects().rename(caller, unknown, "Mine")).isEqualTo(new NotOwned());
        host.store.takeCalls();
        assertThat(host.service.subjects().rename(caller, "../etc", "Mine")).isEqualTo(new NotOwned());
        assertThat(host.store.takeCalls()).isEmpty();

        assertThat(stored(host.bob, bobs).label()).isEmpty();
        assertThat(stored(host.alice, ended).label()).isEmpty();
    }

    @Test
    void a_session_that_time_has_ended_cannot_be_named() {
        Session idle = host.login(host.alice);
        host.clock.advance(Duration.ofMinutes(59));
        host.service.touch(caller);
        host.clock.advance(Duration.ofMinutes(2));

        assertThat(rename(host.tokens.of(session), idle, "Old")).isEqualTo(new NotOwned());
    }

    @Test
    void a_caller_who_is_revoked_names_nothing() {
        Session other = host.login(host.alice);
        VerifiedToken token = host.tokens.of(session);
        host.service.revokeToken(token, TestHost.BY_ADMIN);

        assertThat(rename(token, other, "Mine")).isEqualTo(new CallerRevoked(RevocationReason.REVOKED_BY_ADMIN));
        host.service.logout(caller);
        assertThat(rename(caller, other, "Mine")).isEqualTo(new CallerRevoked(RevocationReason.USER_LOGOUT));

        assertThat(stored(host.alice, other).label()).isEmpty();
    }

    @Test
    void a_bad_label_is_refused_before_the_store_is_asked() {
        host.store.takeCalls();
        for (String bad : new String[] {"x".repeat(65), "two\nlines", "\u202Eevil", "  "}) {
            assertThatExceptionOfType(InvalidIdentifierException.class).isThrownBy(() -> rename(caller, session, bad));
        }
        assertThat(host.store.takeCalls()).isEmpty();
        assertThat(rename(caller, session, "\uD83D\uDE00".repeat(64))).isInstanceOf(Renamed.class);
    }

    @Test
    void what_others_change_meanwhile_is_kept() {
        AtomicInteger rotations = new AtomicInteger();
        beforeRotate(() -> {
            if (rotations.getAndIncrement() == 0) {
                rename(caller, session, "The other tab's");
            }
        });

        assertThat(rename(caller, session, "This tab's")).isInstanceOf(Renamed.class);

        assertThat(stored(host.alice, session).label()).contains("This tab's");
        assertThat(rotations).hasValue(3);
    }

    @Test
    void a_session_that_is_changed_all_the_time_is_an_outage_in_the_end() {
        AtomicInteger tries = new AtomicInteger();
        beforeRotate(() -> {
            if (isOuter.get()) {
                isOuter.set(false);
                rename(caller, session, "Name " + tries.incrementAndGet());
                isOuter.set(true);
            }
        });

        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> rename(caller, session, "Work laptop"))
                .withMessageContaining("changed by others");
        assertThat(tries).hasValue(5);
    }

    @Test
    void it_ends_while_it_is_named_and_keeps_its_old_name() {
        beforeRotate(() -> {
            host.store.recover();
            host.service.revokeSession(host.alice, session.handle(), TestHost.BY_ADMIN);
        });

        assertThat(rename(caller, session, "Work laptop")).isEqualTo(new NotOwned());

        assertThat(stored(host.alice, session).label()).isEmpty();
    }

    @Test
    void a_lost_answer_is_an_outage_and_the_repeat_is_answered() {
        host.store.after(verb -> {
            if (verb.equals("rotate")) {
                throw StoreUnavailableException.ofWrite(verb, null);
            }
        });
        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> rename(caller, session, "Work laptop"));
        host.store.recover();

        assertThat(rename(caller, session, "Work laptop")).isInstanceOf(Renamed.class);
    }

    @Test
    void other_nodes_hear_of_it_through_the_feed() {
        List<FeedEntry> before = feed();

        rename(caller, session, "Work laptop");

        assertThat(feed()).hasSize(before.size() + 1);
    }

    private List<FeedEntry> feed() {
        FeedRead read = host.store.feed().readAfter(FeedPosition.beginning(), 100, host.now());
        return ((FeedRead.Page) read).entries();
    }

    @Test
    void a_session_that_this_node_cannot_read_is_not_renamed_and_says_so() {
        SessionService old = host.node(host.clock, builder -> builder.encryption(KeyRing.of("old", TestKeys.key(1))));
        SessionService other = host.node(host.clock, builder -> builder.encryption(KeyRing.of("new", TestKeys.key(2))));
        Session encrypted =
                old.beginLogin(host.alice).complete(DeviceInfo.unknown()).orElseThrow();
        VerifiedToken token = host.tokens.of(encrypted);

        assertThatExceptionOfType(CurfewException.class)
                .isThrownBy(
                        () -> other.subjects().rename(token, encrypted.handle().value(), "Mine"));
        assertThat(old.subjects().rename(token, encrypted.handle().value(), "Mine"))
                .isInstanceOf(Renamed.class);
    }
}
