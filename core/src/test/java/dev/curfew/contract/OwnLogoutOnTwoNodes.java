package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.LoginResult;
import dev.curfew.SessionService;
import dev.curfew.Upstream;
import dev.curfew.UpstreamLogin;
import dev.curfew.check.RevocationDecision.Outcome;
import dev.curfew.deliver.Deliveries;
import dev.curfew.http.EndpointRequest;
import dev.curfew.oidc.BackChannelLogoutEndpoint;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Realm;
import dev.curfew.session.Session;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.session.SubjectId;
import dev.curfew.store.SessionStore;
import dev.curfew.token.EventTokenVerifier;
import dev.curfew.token.VerifiedToken;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * A provider sends logouts to one node, our sessions that began there end, and another node refuses their tokens. Both
 * nodes check from their replicas, and have deliveries.
 */
public final class OwnLogoutOnTwoNodes implements AutoCloseable {
    /** How old a replica may be that answers; the default of the builder. */
    private static final Duration STALENESS = Duration.ofSeconds(5);

    private static final Realm OURS = Realm.of("shop");

    private final Clock clock = Clock.systemUTC();
    private final TestTokens provider = TestTokens.foreign(Realm.of("op"), clock);
    private final TestTokens ours = TestTokens.ours(OURS, clock);
    private final Upstream upstream = Upstream.of(
                    provider.realm(), provider.policy().issuer())
            .linksOnly()
            .build();
    private final SessionService receiving;
    private final SessionService other;
    private final Deliveries deliveries;
    private final Deliveries ofOther;
    private final BackChannelLogoutEndpoint endpoint;

    /**
     * Starts both nodes, with real clocks.
     *
     * @param first store of the node that receives, not opened yet
     * @param second store of the other one
     */
    public OwnLogoutOnTwoNodes(SessionStore first, SessionStore second) {
        this.receiving = node(first);
        this.other = node(second);
        this.deliveries = Deliveries.of(receiving).build();
        this.ofOther = Deliveries.of(other).build();
        deliveries.start();
        ofOther.start();
        this.endpoint = BackChannelLogoutEndpoint.of(
                        deliveries,
                        upstream,
                        EventTokenVerifier.of(provider.logoutPolicy().build(), clock))
                .build();
    }

    private SessionService node(SessionStore store) {
        return SessionService.builder()
                .store(store)
                .lifetimes(SessionLifetimes.aal2())
                .tokenPolicies(ours.policy())
                .encryption(TestKeys.ring("k1"))
                .trustTokensOlderThanStore()
                .withoutAuditLog()
                .clock(clock)
                .build();
    }

    /**
     * Logs out one after the other, and prints how long the other node let a token pass.
     *
     * @param what is measured, for the printed line
     * @param times how often, after as many that are not counted
     */
    public void measure(String what, int times) {
        for (int i = 0; i < times; i++) {
            logOut(i);
        }
        long[] answered = new long[times];
        long[] refused = new long[times];
        for (int i = 0; i < times; i++) {
            long[] both = logOut(times + i);
            answered[i] = both[0];
            refused[i] = both[1];
        }
        Arrays.sort(answered);
        Arrays.sort(refused);
        System.out.printf(
                Locale.ROOT,
                "%s: a logout is answered after %.2f ms (the slowest %.2f); another node refuses %.2f ms after that"
                        + " (the slowest %.2f), of %d logouts%n",
                what,
                millis(answered[times / 2]),
                millis(answered[times - 1]),
                millis(refused[times / 2]),
                millis(refused[times - 1]),
                times);
        assertThat(Duration.ofNanos(refused[times - 1]))
                .as("the slowest, against maxStaleness")
                .isLessThan(STALENESS);
    }

    private static double millis(long nanos) {
        return nanos / 1e6;
    }

    /** How long it took until the answer, and from there until the other node refused. */
    private long[] logOut(int number) {
        Instant now = clock.instant();
        String sid = "sid-" + number;
        Session session = ((LoginResult.LoggedIn) receiving
                        .beginLogin(new SubjectId(OURS, "person-" + number))
                        .upstream(new UpstreamLogin(
                                upstream, "person-" + number, Optional.of(sid), Optional.of(now.minusSeconds(5)), now))
                        .complete(DeviceInfo.unknown()))
                .session();
        VerifiedToken token = ours.of(session);
        assertThat(other.checker().check(token).outcome()).isEqualTo(Outcome.ACTIVE);
        String logout = provider.logout().with("sid", sid).compact();
        EndpointRequest request = EndpointRequest.of("POST")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .body(("logout_token=" + URLEncoder.encode(logout, StandardCharsets.UTF_8))
                        .getBytes(StandardCharsets.UTF_8))
                .build();
        long sent = System.nanoTime();

        int status = endpoint.answer(request).status();

        long answered = System.nanoTime();
        assertThat(status).isEqualTo(200);
        long most = answered + STALENESS.toNanos();
        while (other.checker().check(token).outcome() != Outcome.REVOKED) {
            assertThat(System.nanoTime() - most)
                    .as("the other node lets it pass")
                    .isNegative();
            Thread.onSpinWait();
        }
        long refused = System.nanoTime();
        assertThat(receiving.checker().check(token).outcome()).isEqualTo(Outcome.REVOKED);
        return new long[] {answered - sent, refused - answered};
    }

    @Override
    public void close() {
        deliveries.close();
        ofOther.close();
        receiving.close();
        other.close();
    }
}
