package dev.curfew.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.RevocationCause;
import dev.curfew.SessionService;
import dev.curfew.contract.Given;
import dev.curfew.contract.ManualClock;
import dev.curfew.contract.TestTokens;
import dev.curfew.deliver.OutgoingHttp;
import dev.curfew.deliver.TlsServer;
import dev.curfew.http.EndpointRequest;
import dev.curfew.http.EndpointResponse;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.testkit.TestStore;
import dev.curfew.token.EventTokenPolicy;
import dev.curfew.token.EventTokenPolicy.Profile;
import dev.curfew.token.EventTokenVerifier;
import dev.curfew.token.SigningKey;
import dev.curfew.token.TokenKeys;
import dev.curfew.token.VerifiedToken;
import java.net.URI;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One node issues tokens, another one publishes over https, and a verifier asks it; all of them ours. */
class StatusListRoundTripTest {
    private static final SigningKey KEY = key();
    private static final RevocationCause BY_ADMIN = RevocationCause.byAdmin(RevocationReason.REVOKED_BY_ADMIN, "root");

    private static KeyStore localhost;

    private final ManualClock clock = ManualClock.at(Given.NOW);
    private final TestTokens tokens = TestTokens.foreign(Given.REALM, clock);
    private final TestStore store = TestStore.over(InMemorySessionStore.create(), clock);
    private final SessionService issuing = service();
    private final SessionService publishing = service();
    private final TlsServer server = new TlsServer(localhost);
    private final URI base = server.uri("/statuslists/");
    private final StatusListIssuer places = issuer(issuing);
    private final StatusListVerifier verifier = verifier();

    @BeforeAll
    static void makeCertificate(@TempDir Path folder) {
        localhost = TlsServer.certificateOf("localhost", folder);
    }

    @BeforeEach
    void serve() {
        StatusListIssuer lists = issuer(publishing);
        server.answers(exchange -> {
            String path = exchange.getRequestURI().getPath();
            EndpointResponse answer = lists.answer(EndpointRequest.of(exchange.getRequestMethod())
                    .pathId(path.substring("/statuslists/".length()))
                    .build());
            answer.headers().forEach(line -> exchange.getResponseHeaders().add(line.name(), line.value()));
            exchange.sendResponseHeaders(answer.status(), answer.body().length);
            exchange.getResponseBody().write(answer.body());
        });
    }

    @AfterEach
    void stop() {
        server.close();
        issuing.close();
        publishing.close();
    }

    private static SigningKey key() {
        try {
            KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            return SigningKey.of("k1", "EdDSA", pair.getPrivate(), pair.getPublic());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private SessionService service() {
        return SessionService.builder()
                .store(store)
                .lifetimes(SessionLifetimes.aal1())
                .tokenPolicies(tokens.policy())
                .trustTokensOlderThanStore()
                .clock(clock, clock.ticker())
                .withoutAuditLog()
                .build();
    }

    private StatusListIssuer issuer(SessionService of) {
        return StatusListIssuer.of(of, tokens.policy().issuer(), KEY, base).build();
    }

    private StatusListVerifier verifier() {
        OutgoingHttp http = OutgoingHttp.to(List.of(server.host()))
                .privateHost("localhost")
                .tls(TlsServer.trusting(localhost))
                .build();
        EventTokenPolicy policy = EventTokenPolicy.of(
                        Profile.STATUS_LIST, Given.REALM, tokens.policy().issuer())
                .keys(TokenKeys.ofJwkSet(SigningKey.jwkSet(List.of(KEY))))
                .algorithms("EdDSA")
                .build();
        return StatusListVerifier.of(EventTokenVerifier.of(policy, clock), http)
                .uriPrefix(base.toString())
                .clock(clock)
                .nanoTime(clock.ticker())
                .build();
    }

    /** Its facts are known before it is signed; the place is one of its claims. */
    private VerifiedToken issued(String subject) {
        TestTokens.Draft draft = tokens.draft(subject).with("sid", "sid of " + subject);
        StatusReference place =
                places.allocate(draft.verified().facts(), clock.instant().plus(TestTokens.LIFETIME));
        return draft.with("status", place.claim()).verified();
    }

    @Test
    void a_token_is_valid_until_a_minute_after_it_was_revoked_and_then_invalid_for_ever() {
        VerifiedToken revoked = issued("alice");
        VerifiedToken good = issued("bob");
        assertThat(verifier.check(revoked)).isEqualTo(TokenStatus.VALID);

        issuing.revokeAllSessions(tokens.subject("alice"), BY_ADMIN);
        int seconds = 0;
        while (verifier.check(revoked) == TokenStatus.VALID) {
            clock.advance(Duration.ofSeconds(1));
            seconds++;
        }

        assertThat(seconds).isLessThanOrEqualTo(66);
        for (int minutes = 0; minutes < 14; minutes++) {
            assertThat(verifier.check(revoked)).isEqualTo(TokenStatus.INVALID);
            assertThat(verifier.check(good)).isEqualTo(TokenStatus.VALID);
            clock.advance(Duration.ofMinutes(1));
        }
    }

    @Test
    void a_token_that_is_newer_than_the_list_that_is_held_is_judged_by_it_and_then_by_its_own_bit() {
        VerifiedToken first = issued("alice");
        assertThat(verifier.check(first)).isEqualTo(TokenStatus.VALID);
        VerifiedToken second = issued("bob");
        issuing.revokeAllSessions(tokens.subject("bob"), BY_ADMIN);

        clock.advance(Duration.ofSeconds(66));

        assertThat(verifier.check(second)).isEqualTo(TokenStatus.INVALID);
        assertThat(verifier.check(first)).isEqualTo(TokenStatus.VALID);
    }

    @Test
    void in_an_outage_nothing_is_believed_for_longer_than_the_list_is_valid() {
        VerifiedToken token = issued("alice");
        assertThat(verifier.check(token)).isEqualTo(TokenStatus.VALID);
        store.fail();

        clock.advance(Duration.ofMinutes(9));
        assertThat(verifier.check(token)).isEqualTo(TokenStatus.VALID);
        clock.advance(Duration.ofMinutes(1).plusSeconds(11));
        assertThat(verifier.check(token)).isEqualTo(TokenStatus.UNKNOWN);
    }
}
