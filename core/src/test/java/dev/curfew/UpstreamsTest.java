package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.event.SessionEvent.RevocationRecorded;
import dev.curfew.event.SessionEvent.SignalResult;
import dev.curfew.event.SessionEvent.UpstreamSignalReceived;
import dev.curfew.revocation.Actor;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.InvalidIdentifierException;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.token.VerifiedToken;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UpstreamsTest {
    private final TestHost host = TestHost.start();
    private final Upstream partner = Upstream.of(
                    TestHost.PARTNER, host.partner.policy().issuer())
            .tokensCheckedHere(host.partner.policy())
            .subjectIssuer("https://people.example.com")
            .build();

    @AfterEach
    void stop() {
        host.service.close();
    }

    @Test
    void a_session_that_the_provider_has_ended_is_refused_whoever_has_it_and_others_are_not() {
        VerifiedToken ended = login("alice", "sid-1", host.now());
        VerifiedToken other = login("alice", "sid-2", host.now());
        host.store.takeCalls();

        UpstreamOutcome outcome = end(signal("m-1").session("sid-1").endedAt(host.now()));

        assertThat(outcome).isEqualTo(new UpstreamOutcome.Ended(0, true));
        assertThat(host.store.takeCalls()).containsExactly("revoke", "listRecords");
        host.assertRevoked(ended, login("bob", "sid-1", host.now()));
        host.assertActive(other);
        host.clock.advance(Duration.ofMinutes(1));
        host.assertActive(login("alice", "sid-1", host.now()));
    }

    @Test
    void a_subject_that_the_provider_has_logged_out_is_refused_up_to_the_messages_own_instant() {
        Instant until = host.now().minusSeconds(30);
        VerifiedToken before = login("alice", "sid-1", until);
        VerifiedToken after = login("alice", "sid-2", until.plus(partnerSkew()).plusSeconds(1));
        VerifiedToken bob = login("bob", "sid-3", until);

        assertThat(end(signal("m-1").subject("alice").endedAt(until))).isEqualTo(new UpstreamOutcome.Ended(0, true));

        host.assertRevoked(before);
        host.assertActive(after, bob);
    }

    @Test
    void a_message_that_names_both_ends_the_session_alone() {
        VerifiedToken ended = login("alice", "sid-1", host.now());
        VerifiedToken other = login("alice", "sid-2", host.now());

        end(signal("m-1").subject("alice").session("sid-1").endedAt(host.now()));

        host.assertRevoked(ended);
        host.assertActive(other);
    }

    @Test
    void an_upstream_that_ends_all_of_a_subject_ends_the_session_beside_it_too() {
        Upstream stray = Upstream.of(TestHost.PARTNER, host.partner.policy().issuer())
                .tokensCheckedHere(host.partner.policy())
                .endsAllOfSubject()
                .build();
        VerifiedToken one = login("alice", "sid-1", host.now());
        VerifiedToken other = login("alice", "sid-2", host.now());
        VerifiedToken byAnotherName = login("alias", "sid-1", host.now());
        VerifiedToken bob = login("bob", "sid-3", host.now());

        end(UpstreamSignal.of(stray, "m-1").subject("alice").session("sid-1").endedAt(host.now()));
        host.assertRevoked(one, other, byAnotherName);
        host.assertActive(bob);

        end(UpstreamSignal.of(stray, "m-2").session("sid-3").endedAt(host.now()));
        host.assertRevoked(bob);
    }

    @Test
    void a_session_that_is_listed_here_ends_with_the_providers_and_is_counted() {
        host.adopt(login("alice", "sid-1", host.now()));
        host.adopt(login("alice", "sid-2", host.now()));

        assertThat(end(signal("m-1").session("sid-1").endedAt(host.now())))
                .isEqualTo(new UpstreamOutcome.Ended(1, true));
        assertThat(host.handlesOf(host.partner.subject("alice"))).hasSize(1);
        assertThat(end(signal("m-2").subject("alice").endedAt(host.now())))
                .isEqualTo(new UpstreamOutcome.Ended(1, true));
        assertThat(host.handlesOf(host.partner.subject("alice"))).isEmpty();
    }

    @Test
    void a_message_that_comes_again_within_the_hour_writes_nothing_and_spares_a_later_login() {
        UpstreamSignal signal =
                signal("m-1").session("sid-1").endedAt(host.now()).build();
        end(signal);
        host.clock.advance(Duration.ofMinutes(59));
        VerifiedToken later = login("alice", "sid-1", host.now());
        host.adopt(later);

        assertThat(end(signal)).isEqualTo(new UpstreamOutcome.Ended(0, false));

        host.assertActive(later);
        assertThat(host.events(RevocationRecorded.class)).hasSize(1);
        assertThat(host.events(UpstreamSignalReceived.class))
                .extracting(UpstreamSignalReceived::result)
                .containsExactly(SignalResult.ENDED, SignalResult.REPEATED);
        assertThat(host.events(UpstreamSignalReceived.class))
                .extracting(UpstreamSignalReceived::id)
                .as("told apart by whoever drops what comes twice")
                .doesNotHaveDuplicates();
    }

    @Test
    void a_message_ahead_of_our_clock_is_taken_at_its_word_and_again_is_the_same_act() {
        Instant ahead = host.now().plusSeconds(8);
        VerifiedToken covered = login("alice", "sid-1", ahead.minusSeconds(1));
        UpstreamSignal signal = signal("m-1").session("sid-1").endedAt(ahead).build();

        assertThat(end(signal)).isEqualTo(new UpstreamOutcome.Ended(0, true));
        host.assertRevoked(covered);
        host.clock.advance(Duration.ofSeconds(20));

        assertThat(end(signal)).isEqualTo(new UpstreamOutcome.Ended(0, false));
    }

    @Test
    void milliseconds_that_were_meant_as_seconds_end_nothing() {
        VerifiedToken token = login("alice", "sid-1", host.now());
        host.store.takeCalls();

        UpstreamOutcome outcome = end(signal("m-1")
                .subject("alice")
                .endedAt(Instant.ofEpochSecond(host.now().toEpochMilli())));

        assertThat(outcome).isEqualTo(new UpstreamOutcome.Ignored(UpstreamOutcome.Cause.IN_THE_FUTURE));
        assertThat(host.store.takeCalls()).isEmpty();
        host.assertActive(token);
    }

    @Test
    void an_upstream_speaks_about_its_own_subjects_and_those_of_its_subject_issuers_alone() {
        VerifiedToken alice = login("alice", "sid-1", host.now());
        VerifiedToken bob = login("bob", "sid-2", host.now());
        host.store.takeCalls();

        assertThat(end(signal("m-1")
                        .subject("https://other.example.com", "alice")
                        .endedAt(host.now())))
                .isEqualTo(new UpstreamOutcome.Ignored(UpstreamOutcome.Cause.OTHER_ISSUER));
        assertThat(host.store.takeCalls()).isEmpty();
        end(signal("m-2").subject("https://people.example.com", "bob").endedAt(host.now()));

        host.assertActive(alice);
        host.assertRevoked(bob);
    }

    @Test
    void the_host_says_whom_a_subject_means_here() {
        Upstream resolved = Upstream.of(TestHost.PARTNER, host.partner.policy().issuer())
                .tokensCheckedHere(host.partner.policy())
                .subjects(identifier -> switch (identifier.asMap().get("sub").toString()) {
                    case "00u1" -> Optional.of(host.partner.subject("alice"));
                    case "00u2" -> Optional.of(host.alice);
                    default -> Optional.empty();
                })
                .build();
        VerifiedToken alice = login("alice", "sid-1", host.now());

        end(UpstreamSignal.of(resolved, "m-1").subject("00u1").endedAt(host.now()));
        host.assertRevoked(alice);
        assertThat(end(UpstreamSignal.of(resolved, "m-2").subject("nobody").endedAt(host.now())))
                .isEqualTo(new UpstreamOutcome.Ignored(UpstreamOutcome.Cause.UNKNOWN_SUBJECT));
        assertThatThrownBy(() ->
                        end(UpstreamSignal.of(resolved, "m-3").subject("00u2").endedAt(host.now())))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("another realm");
    }

    @Test
    void the_same_session_id_in_our_own_realm_is_another_one() {
        VerifiedToken ours = host.loginToken(host.alice);

        end(signal("m-1").session(ours.session().orElseThrow().handle().value()).endedAt(host.now()));
        end(signal("m-2").subject("alice").endedAt(host.now()));

        host.assertActive(ours);
    }

    @Test
    void what_is_recorded_names_the_provider_and_who_began_it() {
        end(signal("m-1")
                .subject("alice")
                .because(RevocationReason.ACCOUNT_DISABLED, Actor.Kind.ADMIN)
                .endedAt(host.now()));

        RevocationRecorded recorded = host.events(RevocationRecorded.class).get(0);
        UpstreamSignalReceived received =
                host.events(UpstreamSignalReceived.class).get(0);
        assertThat(recorded.entry().reason()).isEqualTo(RevocationReason.ACCOUNT_DISABLED);
        assertThat(recorded.entry().actor().kind()).isEqualTo(Actor.Kind.ADMIN);
        assertThat(recorded.entry().actor().id()).matches("via:[0-9a-f]{16}");
        assertThat(received.actor()).isEqualTo(recorded.entry().actor());
        assertThat(received.realm()).isEqualTo(TestHost.PARTNER);
        assertThat(received.target()).isEqualTo(RevocationTarget.Kind.SUBJECT);
    }

    @Test
    void an_outage_is_never_a_success_and_is_told() {
        host.store.goDown();
        UpstreamSignal signal =
                signal("m-1").session("sid-1").endedAt(host.now()).build();

        assertThatThrownBy(() -> end(signal)).isInstanceOf(StoreUnavailableException.class);
        host.store.recover();

        assertThat(end(signal)).isEqualTo(new UpstreamOutcome.Ended(0, true));
        assertThat(host.events(UpstreamSignalReceived.class))
                .extracting(UpstreamSignalReceived::result)
                .containsExactly(SignalResult.FAILED, SignalResult.ENDED);
        assertThat(host.events(UpstreamSignalReceived.class))
                .extracting(UpstreamSignalReceived::id)
                .doesNotHaveDuplicates();
    }

    @Test
    void an_outage_lets_both_targets_of_a_message_be_tried_and_owed() {
        Upstream stray = Upstream.of(TestHost.PARTNER, host.partner.policy().issuer())
                .tokensCheckedHere(host.partner.policy())
                .endsAllOfSubject()
                .build();
        UpstreamSignal signal = UpstreamSignal.of(stray, "m-1")
                .subject("alice")
                .session("sid-1")
                .endedAt(host.now())
                .build();
        host.store.goDown();
        assertThatThrownBy(() -> end(signal)).isInstanceOf(StoreUnavailableException.class);

        assertThat(host.events(UpstreamSignalReceived.class))
                .extracting(UpstreamSignalReceived::target)
                .containsExactly(RevocationTarget.Kind.FOREIGN_SESSION, RevocationTarget.Kind.SUBJECT);
    }

    @Test
    void messages_in_any_order_cover_the_same() {
        List<Instant> instants = List.of(host.now().minusSeconds(40), host.now().minusSeconds(20), host.now());
        List<List<Integer>> orders = List.of(
                List.of(0, 1, 2),
                List.of(0, 2, 1),
                List.of(1, 0, 2),
                List.of(1, 2, 0),
                List.of(2, 0, 1),
                List.of(2, 1, 0));
        List<VerifiedToken> covered = new ArrayList<>();
        for (List<Integer> order : orders) {
            String sid = "sid-" + order;
            order.forEach(message -> end(signal(sid + message).session(sid).endedAt(instants.get(message))));
            covered.add(login("alice", sid, host.now()));
        }

        host.assertRevoked(covered.toArray(VerifiedToken[]::new));
        host.clock.advance(partnerSkew().plusSeconds(1));
        for (List<Integer> order : orders) {
            host.assertActive(login("alice", "sid-" + order, host.now()));
        }
    }

    @Test
    void two_issuers_in_one_realm_are_refused_before_anything_is_recorded() {
        end(signal("m-1").session("sid-1").endedAt(host.now()));
        Upstream stranger = Upstream.of(TestHost.PARTNER, "https://stranger.example")
                .linksOnly()
                .build();
        host.store.takeCalls();

        assertThatIllegalStateException()
                .isThrownBy(() ->
                        end(UpstreamSignal.of(stranger, "m-2").session("sid-1").endedAt(host.now())))
                .withMessageContaining("https://stranger.example")
                .withMessageContaining("a realm of its own");
        assertThat(host.store.takeCalls()).isEmpty();
    }

    @Test
    void a_name_that_no_store_could_keep_is_refused() {
        host.store.takeCalls();

        for (UpstreamSignal.Builder bad : List.of(
                signal("m-1").session("x".repeat(70_000)),
                signal("m-1").subject("\ud800"),
                signal("m-1").session(""),
                signal("\ud800").session("sid-1"))) {
            assertThatThrownBy(() -> end(bad.endedAt(host.now()))).isInstanceOf(InvalidIdentifierException.class);
        }
        assertThat(host.store.takeCalls()).isEmpty();
    }

    @Test
    void neither_signal_nor_upstream_tells_a_claim() {
        UpstreamSignal signal = signal("m-1")
                .subject("alice")
                .session("sid-1")
                .endedAt(host.now())
                .build();

        assertThat(signal.toString()).doesNotContain("alice", "sid-1", "m-1");
    }

    private UpstreamOutcome end(UpstreamSignal.Builder signal) {
        return end(signal.build());
    }

    private UpstreamOutcome end(UpstreamSignal signal) {
        return host.service.upstreams().end(signal);
    }

    private UpstreamSignal.Builder signal(String id) {
        return UpstreamSignal.of(partner, id);
    }

    private Duration partnerSkew() {
        return host.partner.policy().skew();
    }

    private VerifiedToken login(String subject, String sid, Instant authTime) {
        return host.partner
                .draft(subject)
                .with("sid", sid)
                .authenticatedAt(authTime)
                .verified();
    }
}
