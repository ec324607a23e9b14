package dev.curfew.ssf;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import dev.curfew.contract.TestKeys;
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

/** Many SETs from one address: what is forged reaches no store, and no authentic one is lost for it. */
class SetFloodTest {
    private static final int MANY = 10_000;

    private final SignalHost host = new SignalHost();
    private final PushEndpoint endpoint = PushEndpoint.of(host.receiver(
                    builder -> builder,
                    upstream -> upstream,
                    EventTokenPolicy.of(EventTokenPolicy.Profile.SECURITY_EVENT, host.provider.realm(), host.issuer())
                            .keys(TokenKeys.ofSecret("events", TestKeys.key(1)))
                            .algorithms("HS256")
                            .audience(TestTokens.RELYING_PARTY)))
            .build();

    @AfterEach
    void stop() {
        host.close();
    }

    @Test
    void ten_thousand_forged_sets_make_no_call_of_the_store() {
        host.store.takeCalls();
        AtomicInteger refused = new AtomicInteger();

        inParallel(number -> {
            String set = set(number, 1);
            String forged = switch (number % 4) {
                case 0 -> set.substring(0, set.lastIndexOf('.')) + signatureOf(set(number + MANY, 1));
                case 1 -> set.substring(0, set.length() - 4);
                case 2 -> set.replaceFirst("\\.", "..");
                default -> set(number, 2);
            };
            if (SignalHost.push(endpoint, forged).status() == 400) {
                refused.incrementAndGet();
            }
        });

        assertThat(refused.get()).isEqualTo(MANY);
        assertThat(host.store.takeCalls()).isEmpty();
        assertThat(host.events).isEmpty();
        assertThat(host.told).isEmpty();
    }

    @Test
    void ten_thousand_authentic_sets_from_one_address_all_succeed() {
        AtomicInteger accepted = new AtomicInteger();

        inParallel(number -> {
            if (SignalHost.push(endpoint, set(number, 1)).status() == 202) {
                accepted.incrementAndGet();
            }
        });

        assertThat(accepted.get()).isEqualTo(MANY);
        assertThat(host.events(UpstreamSignalReceived.class).stream()
                        .filter(event -> event.result() == SignalResult.ENDED))
                .hasSize(MANY);
        for (int number : new int[] {0, 1, MANY / 2, MANY - 1}) {
            assertThat(host.isActive(host.login("user-" + number, "sid-" + number)))
                    .isFalse();
        }
        assertThat(host.isActive(host.login("user", "sid"))).isTrue();
    }

    private static void inParallel(IntConsumer post) {
        IntStream.range(0, MANY).parallel().forEach(post);
    }

    private static String signatureOf(String token) {
        return token.substring(token.lastIndexOf('.'));
    }

    private String set(int number, int key) {
        String claims = "{\"iss\":\"" + host.issuer() + "\",\"aud\":\"" + TestTokens.RELYING_PARTY + "\",\"iat\":"
                + host.now().getEpochSecond() + ",\"jti\":\"j-" + number
                + "\",\"sub_id\":{\"format\":\"opaque\",\"id\":\"sid-" + number + "\"},\"events\":{\""
                + SignalHost.CAEP + "session-revoked\":{}}}";
        try {
            JWSObject token = new JWSObject(
                    new JWSHeader.Builder(JWSAlgorithm.HS256)
                            .type(new JOSEObjectType("secevent+jwt"))
                            .build(),
                    new Payload(claims));
            token.sign(new MACSigner(TestKeys.key(key)));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }
}
