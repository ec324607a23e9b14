package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.SessionService;
import dev.curfew.Upstream;
import dev.curfew.check.RevocationDecision.Outcome;
import dev.curfew.event.SessionEvent;
import dev.curfew.event.SessionEvent.RevocationReceived;
import dev.curfew.event.SessionEventListener;
import dev.curfew.http.EndpointRequest;
import dev.curfew.oidc.BackChannelLogoutEndpoint;
import dev.curfew.session.Realm;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.store.SessionStore;
import dev.curfew.token.EventTokenVerifier;
import dev.curfew.token.VerifiedToken;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A provider sends logouts to one node of a host, and another node refuses what they end. */
public final class LogoutOnTwoNodes implements AutoCloseable {
    private static final int TOO_LONG_SECONDS = 60;

    private final Clock clock = Clock.systemUTC();
    private final TestTokens provider = TestTokens.foreign(Realm.of("op"), clock);
    private final BlockingQueue<SessionEvent> received = new LinkedBlockingQueue<>();
    private final SessionService receiving;
    private final SessionService other;
    private final BackChannelLogoutEndpoint endpoint;

    /**
     * Starts both nodes, with real clocks.
     *
     * @param first store of the node that receives, not opened yet
     * @param second store of the other one
     */
    public LogoutOnTwoNodes(SessionStore first, SessionStore second) {
        this.receiving = node(first, event -> {});
        this.other = node(second, event -> {
            if (event instanceof RevocationReceived) {
                received.add(event);
            }
        });
        Upstream upstream = Upstream.of(provider.realm(), provider.policy().issuer())
                .tokensCheckedHere(provider.policy())
                .build();
        this.endpoint = BackChannelLogoutEndpoint.of(
                        receiving,
                        upstream,
                        EventTokenVerifier.of(provider.logoutPolicy().build(), clock))
                .build();
    }

    private SessionService node(SessionStore store, SessionEventListener listener) {
        return SessionService.builder()
                .store(store)
                .lifetimes(SessionLifetimes.aal2())
                .tokenPolicies(provider.policy())
                .encryption(TestKeys.ring("k1"))
                .trustTokensOlderThanStore()
                .withoutAuditLog()
                .listener(listener)
                .clock(clock)
                .build();
    }

    /**
     * Logs out by session, by subject and by both, each time for a token that both nodes let pass before.
     *
     * @return how long the slowest took from the call until the other node had heard of it
     * @throws InterruptedException if the test is ended
     */
    public Duration logOut() throws InterruptedException {
        Duration slowest = Duration.ZERO;
        for (int number = 0; number < 3; number++) {
            TestTokens.Draft logout = provider.logout();
            if (number != 0) {
                logout.with("sub", "subject-" + number);
            }
            if (number != 1) {
                logout.with("sid", "sid-" + number);
            }
            VerifiedToken token = provider.draft("subject-" + number)
                    .with("sid", "sid-" + number)
                    .verified();
            Duration taken = ends(logout, token);
            slowest = taken.compareTo(slowest) > 0 ? taken : slowest;
        }
        return slowest;
    }

    private Duration ends(TestTokens.Draft logout, VerifiedToken token) throws InterruptedException {
        assertThat(receiving.checker().check(token).outcome()).isEqualTo(Outcome.ACTIVE);
        assertThat(other.checker().check(token).outcome()).isEqualTo(Outcome.ACTIVE);
        String form = "logout_token=" + URLEncoder.encode(logout.compact(), StandardCharsets.UTF_8);
        EndpointRequest request = EndpointRequest.of("POST")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .body(form.getBytes(StandardCharsets.UTF_8))
                .build();
        long sent = System.nanoTime();

        assertThat(endpoint.answer(request).status()).isEqualTo(200);

        assertThat(receiving.checker().check(token).outcome()).isEqualTo(Outcome.REVOKED);
        assertThat(received.poll(TOO_LONG_SECONDS, TimeUnit.SECONDS)).isNotNull();
        long heard = System.nanoTime();
        assertThat(other.checker().check(token).outcome()).isEqualTo(Outcome.REVOKED);
        // Once more: nothing is written, so that nothing is heard of it.
        assertThat(endpoint.answer(request).status()).isEqualTo(200);
        other.replica().orElseThrow().catchUp(Duration.ofSeconds(TOO_LONG_SECONDS));
        assertThat(received).isEmpty();
        return Duration.ofNanos(heard - sent);
    }

    @Override
    public void close() {
        receiving.close();
        other.close();
    }
}
