package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.contract.TestTokens;
import dev.curfew.event.SessionEvent;
import dev.curfew.event.SessionEvent.RevocationRecorded;
import dev.curfew.event.SessionEvent.SessionEnded;
import dev.curfew.revocation.RevocationTarget.Kind;
import dev.curfew.session.ClientId;
import dev.curfew.store.OperationId;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.token.VerifiedToken;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A named operation repeated, as after a time-out. REV-10. */
class RepeatedOperationTest {
    private static final OperationId NAME = new OperationId(1, 2);
    private static final RevocationCause NAMED = TestHost.BY_ADMIN.named(NAME);

    private final TestHost host = TestHost.start();

    @Test
    void revoke_all_repeated_changes_nothing_and_answers_the_same_number() {
        VerifiedToken old = host.loginToken(host.alice);
        RevocationOutcome first = host.service.revokeAllSessions(host.alice, NAMED);
        host.clock.advance(Duration.ofMinutes(1));
        VerifiedToken later = host.loginToken(host.alice);

        RevocationOutcome repeat = host.service.revokeAllSessions(host.alice, NAMED);

        assertThat(first).isEqualTo(TestHost.revoked(Kind.SUBJECT, 1, true));
        assertThat(repeat).isEqualTo(TestHost.revoked(Kind.SUBJECT, 1, false));
        host.assertRevoked(old);
        host.assertActive(later);
    }

    @Test
    void revoke_others_repeated_spares_who_logged_in_since() {
        host.login(host.alice);
        VerifiedToken caller = host.loginToken(host.alice);
        host.service.revokeOtherSessions(caller, NAMED);
        VerifiedToken later = host.loginToken(host.alice);

        assertThat(host.service.revokeOtherSessions(caller, NAMED)).isEqualTo(TestHost.revoked(Kind.SUBJECT, 1, false));

        host.assertActive(caller, later);
    }

    @Test
    void another_name_is_another_act() {
        host.service.revokeAllSessions(host.alice, NAMED);
        VerifiedToken later = host.loginToken(host.alice);

        assertThat(host.service.revokeAllSessions(host.alice, TestHost.BY_ADMIN.named(new OperationId(1, 3))))
                .isEqualTo(TestHost.revoked(Kind.SUBJECT, 1, true));
        host.assertRevoked(later);
    }

    @Test
    void client_realm_and_key_repeated_change_nothing() {
        ClientId web = new ClientId(TestHost.REALM, "web");
        RevocationCause ofClient = TestHost.BY_ADMIN.named(new OperationId(3, 1));
        RevocationCause ofRealm = TestHost.BY_ADMIN.named(new OperationId(3, 2));
        host.service.revokeClient(web, ofClient);
        host.service.revokeRealm(TestHost.REALM, ofRealm);
        VerifiedToken later = host.loginToken(host.alice);

        assertThat(host.service.revokeClient(web, ofClient)).isEqualTo(TestHost.revokedUncounted(Kind.CLIENT, false));
        assertThat(host.service.revokeRealm(TestHost.REALM, ofRealm))
                .isEqualTo(TestHost.revokedUncounted(Kind.REALM, false));
        host.assertActive(later);
    }

    @Test
    void a_repeat_is_reported_under_the_same_names_or_not_at_all() {
        host.login(host.alice);
        host.login(host.alice);
        host.events.clear();

        host.service.revokeAllSessions(host.alice, NAMED);
        Set<String> names = names();
        host.service.revokeAllSessions(host.alice, NAMED);

        assertThat(names).hasSize(3);
        assertThat(names()).isEqualTo(names);
    }

    @Test
    void an_idle_repeat_is_not_reported() {
        VerifiedToken caller = host.loginToken(host.alice);
        String other = host.login(host.alice).handle().value();
        host.service.revokeSession(caller, other);
        host.service.revokeKey("k", TestHost.BY_ADMIN);
        host.events.clear();

        host.service.revokeSession(caller, other);
        host.service.revokeKey("k", TestHost.BY_ADMIN);

        assertThat(host.events).isEmpty();
    }

    @Test
    void a_revoke_all_whose_answer_was_lost_is_reported_by_its_repeat() {
        VerifiedToken token = host.loginToken(host.alice);
        host.events.clear();
        host.store.loseAnswers();
        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> host.service.revokeAllSessions(host.alice, NAMED));
        host.store.recover();

        assertThat(host.service.revokeAllSessions(host.alice, NAMED))
                .isEqualTo(TestHost.revoked(Kind.SUBJECT, 1, false));

        host.assertRevoked(token);
        assertThat(host.events(RevocationRecorded.class)).hasSize(1);
        assertThat(host.events(SessionEnded.class)).hasSize(1);
    }

    /** What nobody counts, or what ended nothing, was recorded all the same. */
    @ParameterizedTest
    @MethodSource("uncountedActs")
    void a_revocation_whose_answer_was_lost_is_reported_by_its_repeat(String what) {
        BiConsumer<TestHost, RevocationCause> act = ACTS.get(what);
        host.store.loseAnswers();
        assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> act.accept(host, NAMED));
        host.store.recover();
        host.events.clear();

        act.accept(host, NAMED);

        assertThat(host.events(RevocationRecorded.class)).hasSize(1);
    }

    static Stream<String> uncountedActs() {
        return ACTS.keySet().stream();
    }

    private static final Map<String, BiConsumer<TestHost, RevocationCause>> ACTS = acts();

    private static Map<String, BiConsumer<TestHost, RevocationCause>> acts() {
        Map<String, BiConsumer<TestHost, RevocationCause>> acts = new LinkedHashMap<>();
        acts.put("a subject without sessions", (host, cause) -> host.service.revokeAllSessions(host.alice, cause));
        acts.put("a client", (host, cause) -> host.service.revokeClient(new ClientId(TestHost.REALM, "web"), cause));
        acts.put("a realm", (host, cause) -> host.service.revokeRealm(TestHost.REALM, cause));
        acts.put("a key", (host, cause) -> host.service.revokeKey(TestTokens.thumbprint(), cause));
        return acts;
    }

    private Set<String> names() {
        Set<String> names = new HashSet<>();
        host.events.stream().map(SessionEvent::id).forEach(names::add);
        return names;
    }
}
