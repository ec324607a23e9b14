package dev.curfew.ssf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.Upstream;
import dev.curfew.contract.TestTokens.Draft;
import dev.curfew.event.SessionEvent.RevocationRecorded;
import dev.curfew.event.SessionEvent.SignalResult;
import dev.curfew.event.SessionEvent.UpstreamSignalReceived;
import dev.curfew.http.EndpointResponse;
import dev.curfew.revocation.Actor;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.Realm;
import dev.curfew.session.SubjectId;
import dev.curfew.ssf.SignalHost.Told;
import dev.curfew.ssf.SignalListener.Why;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.token.EventTokenVerifier;
import dev.curfew.token.SubjectIdentifier;
import dev.curfew.token.VerifiedToken;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecurityEventReceiverTest {
    private static final String SESSION_REVOKED = SignalHost.CAEP + "session-revoked";
    private static final String CREDENTIAL_CHANGE = SignalHost.CAEP + "credential-change";
    private static final String CLAIMS_CHANGE = SignalHost.CAEP + "token-claims-change";

    private final SignalHost host = new SignalHost();

    @AfterEach
    void stop() {
        host.close();
    }

    @Test
    void a_session_a_subject_or_that_session_of_that_subject_is_revoked() {
        VerifiedToken first = host.login("alice", "sid-1");
        VerifiedToken second = host.login("alice", "sid-2");
        VerifiedToken third = host.login("alice", "sid-3");
        VerifiedToken bob = host.login("bob", "sid-4");

        accepted(host.sessionRevoked("sid-1"));
        assertThat(active(first, second, third, bob)).containsExactly(false, true, true, true);
        accepted(host.event(
                SESSION_REVOKED, complex("user", host.person("alice"), "session", SignalHost.opaque("sid-2"))));
        assertThat(active(second, third, bob)).containsExactly(false, true, true);
        accepted(host.event(SESSION_REVOKED, host.person("alice")));
        assertThat(active(third, bob)).containsExactly(false, true);
        assertThat(host.told).isEmpty();
    }

    @Test
    void set_09_members_that_nobody_here_knows_narrow_nothing_down() {
        VerifiedToken alice = host.login("alice", "sid-1");
        VerifiedToken bob = host.login("bob", "sid-2");

        accepted(host.event(
                SESSION_REVOKED,
                complex("user", host.person("alice"), "device", SignalHost.opaque("d"), "x", Map.of("a", 1))));
        assertThat(active(alice, bob)).containsExactly(false, true);

        // A name that cannot be resolved does not narrow its session down either.
        Map<String, Object> unresolved = complex(
                "user", Map.of("format", "email", "email", "b@example.com"), "session", SignalHost.opaque("sid-2"));
        accepted(host.event(SESSION_REVOKED, unresolved));
        assertThat(host.isActive(bob)).isFalse();
    }

    @Test
    void set_10_an_event_with_a_critical_member_that_is_not_understood_is_accepted_and_ends_nothing() {
        PushEndpoint strict = host.endpoint(builder -> builder.criticalMembers("tenant", "user", "session"));
        VerifiedToken alice = host.login("alice", "sid-1");
        Map<String, Object> tenant = complex("user", host.person("alice"), "tenant", SignalHost.opaque("t"));
        Map<String, Object> email = complex(
                "user", Map.of("format", "email", "email", "a@example.com"), "session", SignalHost.opaque("sid-1"));
        Map<String, Object> oddSession = complex("user", host.person("alice"), "session", host.person("sid-1"));

        for (Map<String, Object> subject : List.of(tenant, email, oddSession)) {
            assertThat(SignalHost.push(
                                    strict, host.event(SESSION_REVOKED, subject).compact())
                            .status())
                    .isEqualTo(202);
        }

        assertThat(host.isActive(alice)).isTrue();
        assertThat(host.told).hasSize(3).allMatch(told -> told.why() == Why.CRITICAL_MEMBER);
        // One that is malformed is as little understood as one that is strange.
        PushEndpoint own = host.endpoint(builder -> builder.criticalMembers("badge"));
        Map<String, Object> malformed = complex("user", host.person("alice"), "badge", Map.of("number", 7));
        SignalHost.push(own, host.event(SESSION_REVOKED, malformed).compact());
        assertThat(host.isActive(alice)).isTrue();
        Map<String, Object> device = complex("user", host.person("alice"), "device", SignalHost.opaque("t"));
        SignalHost.push(strict, host.event(SESSION_REVOKED, device).compact());
        assertThat(host.isActive(alice)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "caep, credential-change, CREDENTIAL_CHANGED",
        "risc, account-credential-change-required, CREDENTIAL_CHANGED",
        "risc, account-disabled, ACCOUNT_DISABLED",
        "risc, account-purged, ACCOUNT_DISABLED",
        "risc, credential-compromise, SUSPICIOUS_ACTIVITY",
        "risc, sessions-revoked, BACKCHANNEL_LOGOUT"
    })
    void what_happens_to_an_account_or_a_credential_ends_all_of_the_subject(
            String profile, String name, RevocationReason reason) {
        String type = (profile.equals("caep") ? SignalHost.CAEP : SignalHost.RISC) + name;
        int number = 0;
        for (Map<String, Object> subject : List.of(
                host.person("alice"),
                SignalHost.opaque("alice"),
                complex("user", host.person("alice"), "session", SignalHost.opaque("sid-other")),
                complex("user", SignalHost.opaque("alice"), "tenant", SignalHost.opaque("t")))) {
            host.clock.advance(Duration.ofHours(2));
            number++;
            VerifiedToken one = host.login("alice", "one-" + number);
            VerifiedToken other = host.login("alice", "other-" + number);
            VerifiedToken bob = host.login("bob", "sid-other");

            accepted(host.event(type, Map.of("change_type", "revoke", "initiating_entity", "admin"), subject));

            assertThat(active(one, other, bob)).containsExactly(false, false, true);
            RevocationRecorded recorded = last(host.events(RevocationRecorded.class));
            assertThat(recorded.entry().reason()).isEqualTo(reason);
            assertThat(recorded.entry().actor().kind()).isEqualTo(Actor.Kind.ADMIN);
        }
    }

    @Test
    void a_credential_more_ends_nothing_and_any_other_change_does() {
        VerifiedToken alice = host.login("alice", "sid-1");

        accepted(host.event(CREDENTIAL_CHANGE, Map.of("change_type", "create"), host.person("alice")));
        assertThat(host.isActive(alice)).isTrue();
        assertThat(host.told).containsExactly(new Told(CREDENTIAL_CHANGE, Why.OTHER_EVENT));

        accepted(host.event(CREDENTIAL_CHANGE, Map.of(), host.person("alice")));
        assertThat(host.isActive(alice)).isFalse();
    }

    @Test
    void a_token_whose_claims_have_changed_is_ended_alone_whoever_has_it() {
        VerifiedToken changed = host.provider
                .draft("alice")
                .with("jti", "t-1")
                .with("sid", "sid-1")
                .verified();
        VerifiedToken next = host.provider
                .draft("alice")
                .with("jti", "t-2")
                .with("sid", "sid-1")
                .verified();
        Draft set = host.event(CLAIMS_CHANGE, Map.of("claims", Map.of("role", "x")), jwt(host.issuer(), "t-1"));

        accepted(set);

        assertThat(active(changed, next)).containsExactly(false, true);
        UpstreamSignalReceived received = last(host.events(UpstreamSignalReceived.class));
        assertThat(received.target()).isEqualTo(RevocationTarget.Kind.TOKEN);
        assertThat(received.result()).isEqualTo(SignalResult.ENDED);
        accepted(set);
        assertThat(last(host.events(UpstreamSignalReceived.class)).result()).isEqualTo(SignalResult.REPEATED);
    }

    @Test
    void a_token_of_another_issuer_and_claims_of_a_person_are_told_and_end_nothing() {
        VerifiedToken token = host.provider
                .draft("alice")
                .with("jti", "t-1")
                .with("sid", "sid-1")
                .verified();

        accepted(host.event(CLAIMS_CHANGE, jwt("https://other.example.com", "t-1")));
        accepted(host.event(CLAIMS_CHANGE, host.person("alice")));
        accepted(host.event(SESSION_REVOKED, jwt(host.issuer(), "t-1")));

        assertThat(host.isActive(token)).isTrue();
        assertThat(host.told).hasSize(3).allMatch(told -> told.why() == Why.OTHER_SUBJECT);
    }

    @Test
    void set_18_what_is_about_nobody_here_is_accepted_like_anything_else() {
        accepted(host.sessionRevoked("unknown"));
        accepted(host.event(SESSION_REVOKED, host.person("nobody")));
        accepted(host.event(SESSION_REVOKED, Map.of("format", "email", "email", "a@example.com")));
        accepted(host.event(SESSION_REVOKED, Map.of("format", "catalog_item", "catalog_id", "x")));
        accepted(host.event(SESSION_REVOKED, Map.of("format", "iss_sub", "iss", "https://x.example", "sub", "a")));
        accepted(host.event(SESSION_REVOKED, complex("device", SignalHost.opaque("d"))));
        accepted(host.event("https://example.com/events/other", host.person("alice")));

        assertThat(host.told.stream().map(Told::why))
                .containsExactly(
                        Why.OTHER_SUBJECT, Why.OTHER_SUBJECT, Why.OTHER_SUBJECT, Why.OTHER_SUBJECT, Why.OTHER_EVENT);
    }

    @Test
    void people_are_named_by_whatever_the_host_resolves() {
        Realm realm = host.provider.realm();
        PushEndpoint resolving = endpoint(upstream -> upstream.subjects(name -> {
            if (name instanceof SubjectIdentifier.Email email && email.email().startsWith("alice@")) {
                return Optional.of(new SubjectId(realm, "alice"));
            }
            if (name instanceof SubjectIdentifier.PhoneNumber) {
                return Optional.of(new SubjectId(realm, "bob"));
            }
            return Optional.empty();
        }));
        Map<String, Object> email = Map.of("format", "email", "email", "alice@example.com");
        Map<String, Object> phone = Map.of("format", "phone_number", "phone_number", "+12065550100");
        VerifiedToken alice = host.login("alice", "sid-1");
        VerifiedToken bob = host.login("bob", "sid-2");

        SignalHost.push(resolving, host.event(SESSION_REVOKED, email).compact());
        assertThat(active(alice, bob)).containsExactly(false, true);
        host.clock.advance(Duration.ofMinutes(1));
        VerifiedToken again = host.login("alice", "sid-3");
        Map<String, Object> both = Map.of("format", "aliases", "identifiers", List.of(email, phone));
        SignalHost.push(resolving, host.event(SESSION_REVOKED, both).compact());

        assertThat(active(again, bob)).containsExactly(false, false);
        assertThat(host.events(UpstreamSignalReceived.class))
                .extracting(UpstreamSignalReceived::id)
                .doesNotHaveDuplicates();
    }

    @Test
    void a_resolver_that_cannot_find_out_leaves_the_set_unacknowledged() {
        PushEndpoint failing = endpoint(upstream -> upstream.subjects(name -> {
            throw new StoreUnavailableException("people", null);
        }));

        EndpointResponse answer = SignalHost.push(
                failing, host.event(SESSION_REVOKED, host.person("alice")).compact());

        assertThat(answer.status()).isEqualTo(503);
    }

    @Test
    void an_opaque_name_means_the_same_alone_as_user_and_among_several() {
        int number = 0;
        Map<String, Object> several =
                Map.of("format", "aliases", "identifiers", List.of(SignalHost.opaque("alice"), phone()));
        for (Map<String, Object> subject : List.of(
                SignalHost.opaque("alice"),
                several,
                complex("user", SignalHost.opaque("alice")),
                complex("user", several))) {
            host.clock.advance(Duration.ofMinutes(1));
            VerifiedToken alice = host.login("alice", "sid-" + number++);

            accepted(host.event(SignalHost.RISC + "account-disabled", subject));

            assertThat(host.isActive(alice)).as("%s", subject).isFalse();
        }
    }

    @Test
    void names_of_others_alone_and_among_several_end_nothing_also_beside_a_session() {
        Map<String, Object> theirs = Map.of("format", "iss_sub", "iss", "https://x.example", "sub", "alice");
        Map<String, Object> several = Map.of("format", "aliases", "identifiers", List.of(theirs));
        VerifiedToken alice = host.login("alice", "sid-1");

        for (Map<String, Object> user : List.of(theirs, several)) {
            accepted(host.event(SESSION_REVOKED, complex("user", user, "session", SignalHost.opaque("sid-1"))));
            assertThat(host.isActive(alice)).isTrue();
        }
    }

    @Test
    void a_name_that_the_host_has_made_wrongly_is_no_fault_of_the_set() {
        PushEndpoint wrong =
                endpoint(upstream -> upstream.subjects(name -> Optional.of(new SubjectId(host.provider.realm(), ""))));

        assertThat(SignalHost.push(
                                wrong,
                                host.event(SESSION_REVOKED, host.person("alice"))
                                        .compact())
                        .status())
                .isEqualTo(500);
    }

    private static Map<String, Object> phone() {
        return Map.of("format", "phone_number", "phone_number", "+12065550100");
    }

    @Test
    void another_issuer_is_spoken_about_where_the_host_allows_it() {
        PushEndpoint broker = endpoint(upstream -> upstream.subjectIssuer("https://people.example"));
        VerifiedToken alice = host.login("alice", "sid-1");

        Map<String, Object> theirs = Map.of("format", "iss_sub", "iss", "https://people.example", "sub", "alice");
        SignalHost.push(broker, host.event(SESSION_REVOKED, theirs).compact());

        assertThat(host.isActive(alice)).isFalse();
    }

    @Test
    void a_lone_opaque_text_is_a_subject_where_the_host_says_so() {
        PushEndpoint bySubject = host.endpoint(builder -> builder.opaqueSubject(OpaqueMeaning.SUBJECT));
        VerifiedToken alice = host.login("alice", "sid-1");

        SignalHost.push(bySubject, host.sessionRevoked("alice").compact());

        assertThat(host.isActive(alice)).isFalse();
    }

    @Test
    void an_event_ends_what_began_up_to_when_it_happened_and_no_later_login() {
        host.clock.advance(Duration.ofHours(1));
        Instant happened = host.now().minus(Duration.ofMinutes(10));
        VerifiedToken before = host.login("alice", "sid-1", happened);
        VerifiedToken since = host.login("alice", "sid-2", happened.plus(Duration.ofMinutes(5)));
        Map<String, Object> stamped = Map.of("event_timestamp", happened.getEpochSecond());

        accepted(host.event(SESSION_REVOKED, stamped, host.person("alice")));
        assertThat(active(before, since)).containsExactly(false, true);
        accepted(host.event(SESSION_REVOKED, host.person("alice"))
                .with("toe", happened.plus(Duration.ofMinutes(2)).getEpochSecond()));
        assertThat(host.isActive(since)).isTrue();
        accepted(host.event(SESSION_REVOKED, host.person("alice")));
        assertThat(host.isActive(since)).isFalse();
    }

    @Test
    void an_event_ends_what_began_up_to_its_message_where_the_host_says_so() {
        PushEndpoint late = host.endpoint(builder -> builder.eventTime(EventTime.OF_MESSAGE));
        host.clock.advance(Duration.ofHours(5));
        VerifiedToken thief = host.login("alice", "sid-1", host.now().minus(Duration.ofHours(1)));
        assertThat(host.isActive(thief)).isTrue();
        Map<String, Object> stamped =
                Map.of("event_timestamp", host.now().minus(Duration.ofDays(3)).getEpochSecond());
        String set = host.event(SESSION_REVOKED, stamped, host.person("alice")).compact();

        SignalHost.push(late, set);
        assertThat(host.isActive(thief)).isFalse();
        host.clock.advance(Duration.ofHours(3));
        VerifiedToken since = host.login("alice", "sid-2");
        SignalHost.push(late, set);

        assertThat(host.isActive(since)).isTrue();
    }

    @Test
    void events_in_any_order_end_the_same() {
        host.clock.advance(Duration.ofHours(1));
        List<Integer> minutes = List.of(30, 10, 20);
        for (int minute : minutes) {
            accepted(host.event(
                    SESSION_REVOKED,
                    Map.of(
                            "event_timestamp",
                            host.now().minus(Duration.ofMinutes(minute)).getEpochSecond()),
                    host.person("alice")));
        }

        assertThat(active(
                        host.login("alice", "s", host.now().minus(Duration.ofMinutes(10))),
                        host.login("alice", "s", host.now().minus(Duration.ofMinutes(9)))))
                .containsExactly(false, true);
    }

    @ParameterizedTest
    @CsvSource({"admin, ADMIN", "user, USER", "policy, POLICY", "system, SYSTEM", "somebody, SYSTEM"})
    void who_began_it_is_the_kind_of_the_actor(String entity, Actor.Kind kind) {
        accepted(host.event(SESSION_REVOKED, Map.of("initiating_entity", entity), host.person("alice")));

        Actor actor = last(host.events(UpstreamSignalReceived.class)).actor();
        assertThat(actor.kind()).isEqualTo(kind);
        assertThat(actor.id()).startsWith("via:");
    }

    @Test
    void reactions_are_the_hosts_to_change() {
        String tokensRevoked = "https://schemas.openid.net/secevent/oauth/event-type/tokens-revoked";
        SignalReactions reactions = SignalReactions.usual()
                .ending(tokensRevoked, RevocationReason.CREDENTIAL_CHANGED)
                .without(CLAIMS_CHANGE);
        PushEndpoint changed = host.endpoint(builder -> builder.reactions(reactions));
        VerifiedToken alice = host.provider
                .draft("alice")
                .with("jti", "t-1")
                .with("sid", "sid-1")
                .verified();

        SignalHost.push(
                changed, host.event(CLAIMS_CHANGE, jwt(host.issuer(), "t-1")).compact());
        assertThat(host.isActive(alice)).isTrue();
        SignalHost.push(changed, host.event(tokensRevoked, host.person("alice")).compact());
        assertThat(host.isActive(alice)).isFalse();
        assertThat(SignalReactions.usual().eventTypes()).hasSize(8).doesNotContain(tokensRevoked);
        assertThat(reactions.eventTypes()).hasSize(8).contains(tokensRevoked);
        assertThatIllegalArgumentException().isThrownBy(() -> reactions.without(CLAIMS_CHANGE));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> reactions.ending(SignalHost.SSF + "verification", RevocationReason.POLICY));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> reactions.ending("https://x.example/e", RevocationReason.EXPIRED));
    }

    @Test
    void the_old_dialect_names_the_subject_inside_the_event() {
        PushEndpoint old = PushEndpoint.of(host.receiver(
                        builder -> builder,
                        upstream -> upstream,
                        host.provider.eventPolicy().legacySubject()))
                .build();
        VerifiedToken alice = host.login("alice", "sid-1");
        Map<String, Object> inside =
                Map.of("subject", Map.of("subject_type", "iss-sub", "iss", host.issuer(), "sub", "alice"));
        Draft set = host.event(SignalHost.RISC + "account-disabled", inside, Map.of())
                .without("sub_id");

        assertThat(host.push(set).status()).isEqualTo(400);
        assertThat(SignalHost.push(old, set.compact()).status()).isEqualTo(202);
        assertThat(host.isActive(alice)).isFalse();
        Draft verification = host.event(SignalHost.RISC + "verification", Map.of("state", "x"), Map.of())
                .without("sub_id");
        assertThat(SignalHost.push(old, verification.compact()).bodyText()).startsWith("{\"err\":\"invalid_state\"");
        Draft asked = host.event(
                        SignalHost.RISC + "verification", Map.of("state", host.receiver.expectVerification()), Map.of())
                .without("sub_id");
        assertThat(SignalHost.push(old, asked.compact()).status()).isEqualTo(202);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ssf", "sse"})
    void set_16_a_verification_has_a_state_that_was_asked_for_or_none(String framework) {
        SecurityEventReceiver asking = host.receiver(builder -> builder.streamId("stream-1"));
        PushEndpoint asked = PushEndpoint.of(host.receiver(builder -> builder.streamId("stream-1")))
                .build();
        PushEndpoint otherStream = host.endpoint(builder -> builder.streamId("stream-2"));
        String type = "https://schemas.openid.net/secevent/" + framework + "/event-type/verification";
        Map<String, Object> stream = SignalHost.opaque("stream-1");
        String state = asking.expectVerification();
        assertThat(state).hasSize(22).matches("[A-Za-z0-9_-]+").isNotEqualTo(asking.expectVerification());

        assertThat(SignalHost.push(
                                asked,
                                host.event(type, Map.of("state", state), stream).compact())
                        .status())
                .isEqualTo(202);
        assertThat(SignalHost.push(
                                asked,
                                host.event(type, Map.of("state", state), stream).compact())
                        .status())
                .as("it comes again")
                .isEqualTo(202);
        assertThat(SignalHost.push(asked, host.event(type, stream).compact()).status())
                .as("unasked")
                .isEqualTo(202);
        for (String wrong : List.of("", "x", state + "x")) {
            assertThat(SignalHost.push(
                                    asked,
                                    host.event(type, Map.of("state", wrong), stream)
                                            .compact())
                            .bodyText())
                    .startsWith("{\"err\":\"invalid_state\"");
        }
        assertThat(SignalHost.push(
                                asked,
                                host.event(type, Map.of("state", 1), stream).compact())
                        .bodyText())
                .startsWith("{\"err\":\"invalid_request\"");
        assertThat(SignalHost.push(
                                otherStream,
                                host.event(type, Map.of("state", state), stream).compact())
                        .bodyText())
                .startsWith("{\"err\":\"invalid_request\"");
        assertThat(SignalHost.push(
                                otherStream,
                                host.event(type, Map.of("state", state), SignalHost.opaque("stream-2"))
                                        .compact())
                        .bodyText())
                .as("a state of another stream")
                .startsWith("{\"err\":\"invalid_state\"");
        assertThat(SignalHost.push(asked, host.event(type, host.person("alice")).compact())
                        .bodyText())
                .startsWith("{\"err\":\"invalid_request\"");
        assertThat(host.told).hasSize(3).allMatch(told -> told.why() == Why.VERIFIED);

        host.clock.advance(Duration.ofMinutes(30));
        assertThat(SignalHost.push(
                                asked,
                                host.event(type, Map.of("state", state), stream).compact())
                        .bodyText())
                .startsWith("{\"err\":\"invalid_state\"");
    }

    @Test
    void a_verification_during_an_outage_is_neither_right_nor_wrong() {
        Map<String, Object> state = Map.of("state", host.receiver.expectVerification());
        host.store.goDown();

        assertThat(host.push(host.event(SignalHost.SSF + "verification", state, SignalHost.opaque("s")))
                        .status())
                .isEqualTo(503);
        assertThatThrownBy(host.receiver::expectVerification).isInstanceOf(StoreUnavailableException.class);
    }

    @Test
    void what_is_said_of_the_stream_is_told_and_ends_nothing() {
        accepted(host.event(
                SignalHost.SSF + "stream-updated",
                Map.of("status", "paused", "reason", "x"),
                SignalHost.opaque("stream-1")));

        assertThat(host.told).containsExactly(new Told(SignalHost.SSF + "stream-updated", Why.STREAM_UPDATED));
        assertThat(host.store.takeCalls()).isEmpty();
    }

    @Test
    void a_listener_that_fails_makes_no_set_come_again() {
        PushEndpoint failing = host.endpoint(builder -> builder.listener((token, why) -> {
            throw new IllegalStateException("a fault");
        }));

        assertThat(SignalHost.push(
                                failing,
                                host.event("https://example.com/other", host.person("a"))
                                        .compact())
                        .status())
                .isEqualTo(202);
    }

    @Test
    void a_session_that_no_token_here_could_name_is_refused_and_not_acknowledged_as_ended() {
        PushEndpoint sessionless = endpoint(UnaryOperator.identity());
        assertThat(SignalHost.push(
                                sessionless,
                                host.sessionRevoked("x".repeat(20_000)).compact())
                        .bodyText())
                .startsWith("{\"err\":\"invalid_request\"");
    }

    @Test
    void settings_that_would_reach_nothing_are_refused() {
        Realm realm = host.provider.realm();
        Upstream links = Upstream.of(realm, host.issuer()).linksOnly().build();
        EventTokenVerifier verifier =
                EventTokenVerifier.of(host.provider.eventPolicy().build(), host.clock);
        EventTokenVerifier logout =
                EventTokenVerifier.of(host.provider.logoutPolicy().build(), host.clock);

        assertThatIllegalStateException()
                .isThrownBy(() ->
                        SecurityEventReceiver.of(host.service, links, verifier).build())
                .withMessageContaining("linksOnly()");
        assertThatIllegalStateException()
                .isThrownBy(() -> SecurityEventReceiver.of(host.service, host.receiver.upstream(), logout)
                        .build())
                .withMessageContaining("SECURITY_EVENT");
        assertThatIllegalArgumentException().isThrownBy(() -> host.receiver(builder -> builder.streamId("")));
    }

    private PushEndpoint endpoint(UnaryOperator<Upstream.Builder> upstream) {
        return PushEndpoint.of(host.receiver(builder -> builder, upstream, host.provider.eventPolicy()))
                .build();
    }

    private void accepted(Draft set) {
        EndpointResponse answer = host.push(set);
        assertThat(answer.status()).as(answer.bodyText()).isEqualTo(202);
        assertThat(answer.body()).isEmpty();
    }

    private List<Boolean> active(VerifiedToken... tokens) {
        return List.of(tokens).stream().map(host::isActive).toList();
    }

    private static <T> T last(List<T> all) {
        return all.get(all.size() - 1);
    }

    private static Map<String, Object> jwt(String issuer, String jti) {
        return Map.of("format", "jwt_id", "iss", issuer, "jti", jti);
    }

    private static Map<String, Object> complex(Object... members) {
        Map<String, Object> complex = new LinkedHashMap<>(Map.of("format", "complex"));
        for (int i = 0; i < members.length; i += 2) {
            complex.put((String) members[i], members[i + 1]);
        }
        return complex;
    }
}
