package dev.curfew.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.contract.TestTokens;
import dev.curfew.event.SessionEvent.SignalResult;
import dev.curfew.event.SessionEvent.UpstreamSignalReceived;
import dev.curfew.token.EventTokenPolicy;
import dev.curfew.token.TokenKeys;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many requests from one address: what is forged reaches no store, and no authentic logout is lost for it. */
class BackChannelLogoutFloodTest {
    private static final int MANY = 10_000;

    private final RelyingParty host = RelyingParty.start();
    private final BackChannelLogoutEndpoint endpoint = host.endpoint(
            builder -> builder,
            EventTokenPolicy.of(
                            EventTokenPolicy.Profile.LOGOUT,
                            host.provider.realm(),
                            host.provider.policy().issuer())
                    .keys(TokenKeys.ofSecret("logout", LogoutTokens.secret()))
                    .algorithms("HS256")
                    .audience(TestTokens.RELYING_PARTY));

    @AfterEach
    void stop() {
        host.close();
    }

    @Test
    void ten_thousand_forged_tokens_make_no_call_of_the_store() {
        host.store.takeCalls();
        AtomicInteger refused = new AtomicInteger();

        inParallel(number -> {
            String token = logout(number);
            String forged = switch (number % 4) {
                case 0 -> token.substring(0, token.lastIndexOf('.') + 1) + signatureOf(logout(number + MANY));
                case 1 -> token.substring(0, token.length() - 4);
                case 2 -> token.replaceFirst("\\.", "..");
                default -> LogoutTokens.hs256(claims(number), LogoutTokens.otherSecret());
            };
            if (RelyingParty.post(endpoint, forged).status() == 400) {
                refused.incrementAndGet();
            }
        });

        assertThat(refused.get()).isEqualTo(MANY);
        assertThat(host.store.takeCalls()).isEmpty();
        assertThat(host.events).isEmpty();
    }

    @Test
    void ten_thousand_authentic_logouts_in_a_minute_from_one_address_all_succeed() {
        AtomicInteger accepted = new AtomicInteger();

        inParallel(number -> {
            if (RelyingParty.post(endpoint, logout(number)).status() == 200) {
                accepted.incrementAndGet();
            }
        });

        assertThat(accepted.get()).isEqualTo(MANY);
        assertThat(host.events.stream()
                        .filter(UpstreamSignalReceived.class::isInstance)
                        .map(UpstreamSignalReceived.class::cast)
                        .filter(event -> event.result() == SignalResult.ENDED))
                .hasSize(MANY);
        for (int number : new int[] {0, 1, MANY / 2, MANY - 1}) {
            assertThat(host.isActive(host.login("user-" + number, "sid-" + number, host.now())))
                    .isFalse();
        }
        assertThat(host.isActive(host.login("user", "sid", host.now()))).isTrue();
    }

    private static void inParallel(IntConsumer post) {
        IntStream.range(0, MANY).parallel().forEach(post);
    }

    private String logout(int number) {
        return LogoutTokens.hs256(claims(number), LogoutTokens.secret());
    }

    private static String signatureOf(String token) {
        return token.substring(token.lastIndexOf('.') + 1);
    }

    private String claims(int number) {
        long now = host.now().getEpochSecond();
        return "{\"iss\":\"" + host.provider.policy().issuer() + "\",\"aud\":\"" + TestTokens.RELYING_PARTY
                + "\",\"iat\":" + now + ",\"exp\":" + (now + 120) + ",\"jti\":\"j-" + number + "\",\"sid\":\"sid-"
                + number + "\",\"events\":{\"http://schemas.openid.net/event/backchannel-logout\":{}}}";
    }
}
