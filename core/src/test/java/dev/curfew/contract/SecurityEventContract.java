package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.SessionService;
import dev.curfew.Upstream;
import dev.curfew.UpstreamOutcome;
import dev.curfew.UpstreamSignal;
import dev.curfew.check.RevocationDecision.Outcome;
import dev.curfew.http.EndpointRequest;
import dev.curfew.session.Realm;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.ssf.PushEndpoint;
import dev.curfew.ssf.SecurityEventReceiver;
import dev.curfew.store.SessionStore;
import dev.curfew.token.EventTokenVerifier;
import dev.curfew.token.SubjectIdentifier;
import dev.curfew.token.VerifiedToken;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a transmitter tells one node of a host, on the others: a token that it names, and a SET that comes twice. */
@Tag("ReceivingSignals")
abstract class SecurityEventContract extends StoreContract {
    private static final String SESSION_REVOKED = "https://schemas.openid.net/secevent/caep/event-type/session-revoked";
    private static final String VERIFICATION = "https://schemas.openid.net/secevent/ssf/event-type/verification";

    private final TestTokens provider = TestTokens.foreign(Realm.of("provider"), clock);
    private final Upstream upstream = Upstream.of(
                    provider.realm(), provider.policy().issuer())
            .tokensCheckedHere(provider.policy())
            .build();
    private final List<SessionService> services = new ArrayList<>();
    private SessionService one;
    private SessionService other;

    SecurityEventContract(Supplier<? extends StoreFixture> fixtures) {
        super(fixtures);
    }

    @BeforeEach
    void build() {
        needs(StoreCapability.SHARED_RECORDS);
        one = node(store());
        other = node(
                fixture().capabilities().contains(StoreCapability.SEVERAL_NODES)
                        ? fixture().secondNode()
                        : store());
    }

    @AfterEach
    void close() {
        services.forEach(SessionService::close);
    }

    @Test
    void a_token_that_a_provider_names_is_refused_on_every_node_whoever_has_it_and_no_other_is() {
        List<VerifiedToken> named = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            named.add(token("subject-" + i, "named"));
        }
        VerifiedToken ofNobody =
                provider.draft("x").without("sub").with("jti", "named").verified();
        VerifiedToken next = token("subject-1", "next");

        UpstreamOutcome outcome = one.upstreams().end(tokenSignal("m-1"));

        assertThat(outcome).isEqualTo(new UpstreamOutcome.Ended(1, true));
        for (SessionService node : services) {
            assertThat(named).noneMatch(token -> isActive(node, token));
            assertThat(isActive(node, ofNobody)).isFalse();
            assertThat(isActive(node, next)).isTrue();
        }
    }

    @Test
    void a_token_is_named_again_without_a_further_row_and_forgotten_when_it_cannot_be_valid_any_more() {
        VerifiedToken named = token("alice", "named");
        one.upstreams().end(tokenSignal("m-1"));
        FeedReader reader = caughtUpReader();

        clock.advance(Duration.ofMinutes(1));
        assertThat(other.upstreams().end(tokenSignal("m-1"))).isEqualTo(new UpstreamOutcome.Ended(1, false));
        assertThat(reader.readOn()).isEmpty();
        assertThat(isActive(other, named)).isFalse();

        clock.advance(TestTokens.LIFETIME.plus(Duration.ofMinutes(6)));
        assertThat(covering(token("alice", "named").facts())).isEmpty();
    }

    @Test
    void a_set_that_comes_to_two_nodes_has_one_effect() {
        String set = provider.event(SESSION_REVOKED, Map.of(), Map.of("format", "opaque", "id", "sid-1"))
                .compact();
        assertThat(push(one, set)).isEqualTo(202);
        FeedReader reader = caughtUpReader();
        clock.advance(Duration.ofMinutes(2));
        VerifiedToken since = provider.draft("alice")
                .with("sid", "sid-1")
                .authenticatedAt(now())
                .verified();

        assertThat(push(other, set)).isEqualTo(202);

        assertThat(reader.readOn()).isEmpty();
        assertThat(isActive(one, since)).isTrue();
        assertThat(isActive(other, since)).isTrue();
    }

    @Test
    void a_verification_that_one_node_has_asked_for_is_expected_on_the_other() {
        String state = receiver(one).expectVerification();
        Map<String, Object> stream = Map.of("format", "opaque", "id", "stream-1");

        assertThat(push(
                        other,
                        provider.event(VERIFICATION, Map.of("state", state), stream)
                                .compact()))
                .isEqualTo(202);
        assertThat(push(
                        other,
                        provider.event(VERIFICATION, Map.of("state", "x"), stream)
                                .compact()))
                .isEqualTo(400);
        clock.advance(Duration.ofMinutes(31));
        assertThat(push(
                        other,
                        provider.event(VERIFICATION, Map.of("state", state), stream)
                                .compact()))
                .isEqualTo(400);
    }

    private UpstreamSignal tokenSignal(String id) {
        return UpstreamSignal.of(upstream, id)
                .token(new SubjectIdentifier.JwtId(provider.policy().issuer(), "named"))
                .endedAt(Given.NOW)
                .build();
    }

    private VerifiedToken token(String subject, String jti) {
        return provider.draft(subject)
                .with("jti", jti)
                .with("sid", "sid-" + subject)
                .verified();
    }

    private static boolean isActive(SessionService node, VerifiedToken token) {
        return node.checker().check(token).outcome() == Outcome.ACTIVE;
    }

    private SecurityEventReceiver receiver(SessionService node) {
        return SecurityEventReceiver.of(
                        node,
                        upstream,
                        EventTokenVerifier.of(provider.eventPolicy().build(), clock))
                .build();
    }

    private int push(SessionService node, String set) {
        return PushEndpoint.of(receiver(node))
                .build()
                .answer(EndpointRequest.of("POST")
                        .header("Content-Type", "application/secevent+jwt")
                        .body(set.getBytes(StandardCharsets.US_ASCII))
                        .build())
                .status();
    }

    private SessionService node(SessionStore store) {
        SessionService service = SessionService.builder()
                .store(store)
                .encryption(TestKeys.ring("test"))
                .lifetimes(SessionLifetimes.aal1())
                .tokenPolicies(provider.policy())
                .clock(clock, clock.ticker())
                .authoritativeChecks()
                .withoutAuditLog()
                .eventExecutor(Runnable::run)
                .build();
        services.add(service);
        return service;
    }
}
