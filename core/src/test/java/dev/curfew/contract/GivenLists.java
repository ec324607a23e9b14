package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.curfew.SessionService;
import dev.curfew.http.EndpointRequest;
import dev.curfew.http.EndpointResponse;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.status.StatusList;
import dev.curfew.status.StatusListIssuer;
import dev.curfew.status.StatusReference;
import dev.curfew.store.SessionStore;
import dev.curfew.token.SigningKey;
import java.net.URI;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.text.ParseException;
import java.time.Duration;
import java.util.Map;

/** A node that issues tokens with places in status lists, and publishes these. */
final class GivenLists implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final URI BASE = URI.create("https://issuer.example/statuslists/");
    private static final SigningKey KEY = key();

    private final SessionService service;
    private final StatusListIssuer issuer;
    private final ManualClock clock;

    private GivenLists(SessionService service, ManualClock clock) {
        this.service = service;
        this.issuer = StatusListIssuer.of(service, "https://issuer.example", KEY, BASE)
                .build();
        this.clock = clock;
    }

    static GivenLists of(SessionStore store, TestTokens tokens, ManualClock clock) {
        return new GivenLists(
                SessionService.builder()
                        .store(store)
                        .encryption(TestKeys.ring("lists"))
                        .lifetimes(SessionLifetimes.aal1())
                        .tokenPolicies(tokens.policy())
                        .clock(clock, clock.ticker())
                        .withoutAuditLog()
                        .eventExecutor(Runnable::run)
                        .build(),
                clock);
    }

    SessionService service() {
        return service;
    }

    StatusReference place(TokenFacts facts) {
        return issuer.allocate(facts, clock.instant().plus(TestTokens.LIFETIME));
    }

    /** Whether the published list says that the token is invalid; the node has caught up before. */
    boolean isInvalid(StatusReference place) {
        return published(place.uri()).get(place.index()) == 1;
    }

    StatusList published(URI uri) {
        EndpointResponse answer = answer(uri);
        assertThat(answer.status()).isEqualTo(200);
        try {
            JWTClaimsSet claims = SignedJWT.parse(answer.bodyText()).getJWTClaimsSet();
            assertThat(claims.getSubject()).isEqualTo(uri.toString());
            Map<String, Object> list = claims.getJSONObjectClaim("status_list");
            return StatusList.decode(((Number) list.get("bits")).intValue(), (String) list.get("lst"), 1 << 20);
        } catch (ParseException e) {
            throw new AssertionError(e);
        }
    }

    EndpointResponse answer(URI uri) {
        String path = uri.toString();
        return issuer.answer(EndpointRequest.of("GET")
                .pathId(path.substring(path.lastIndexOf('/') + 1))
                .build());
    }

    /** Knows what was revoked elsewhere, and renders anew what it is asked for. */
    void catchUp() {
        assertThat(service.replica().orElseThrow().catchUp(PATIENCE)).isTrue();
    }

    @Override
    public void close() {
        service.close();
    }

    private static SigningKey key() {
        try {
            KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            return SigningKey.of("k1", "EdDSA", pair.getPrivate(), pair.getPublic());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
