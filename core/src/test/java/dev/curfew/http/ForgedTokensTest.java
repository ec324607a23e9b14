package dev.curfew.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.nimbusds.jose.util.Base64URL;
import dev.curfew.memory.InMemoryRateLimiter;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.Session;
import dev.curfew.store.FeedEntry;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.FeedRead;
import dev.curfew.token.InvalidTokenException;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Ten thousand forged tokens cost no call of the store, leave nothing there, and fill no log. TOK-31, DOS-04. */
class ForgedTokensTest {
    private static final int TOKENS = 10_000;
    private static final String NONE = "{\"alg\":\"none\",\"typ\":\"at+jwt\"}";
    private static final String OTHER_KEY = "{\"alg\":\"HS256\",\"typ\":\"at+jwt\",\"kid\":\"unknown-";
    private static final String OTHER_ALGORITHM = "{\"alg\":\"RS256\",\"typ\":\"at+jwt\"}";

    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Level level = root.getLevel();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Random random = new Random(20260301);
    private final Host host = Host.create();
    private final Session session = host.login(Host.ALICE);
    private final String good = host.token(session);

    @BeforeEach
    void listen() {
        log.start();
        root.setLevel(Level.INFO);
        root.addAppender(log);
        host.events.clear();
        host.store.forgetCalls();
    }

    @AfterEach
    void stopListening() {
        root.detachAppender(log);
        root.setLevel(level);
    }

    /** One of many shapes; none of them is the good token. */
    private String forged(int number) {
        String[] parts = good.split("\\.", -1);
        return switch (number % 14) {
            case 0 -> host.forged(session);
            case 1 -> parts[0] + "." + parts[1] + "." + text(32);
            case 2 -> encoded(NONE) + "." + parts[1] + ".";
            case 3 -> encoded(NONE) + "." + parts[1] + "." + parts[2];
            case 4 -> encoded(OTHER_KEY + number + "\"}") + "." + parts[1] + "." + text(32);
            case 5 -> encoded(OTHER_ALGORITHM) + "." + parts[1] + "." + text(256);
            case 6 -> good.substring(0, random.nextInt(good.length()));
            case 7 -> parts[1] + "." + parts[0] + "." + parts[2];
            case 8 -> parts[0] + "." + encoded("{\"sub\":\"alice\",\"n\":" + number + "}") + "." + parts[2];
            case 9 -> altered("iss", "https://evil.example.com");
            case 10 -> altered("aud", "https://other.example.com");
            case 11 -> altered("nbf", 4_000_000_000L);
            case 12 -> expiredForgery();
            default -> good + (number % 28 < 14 ? "=" : "." + number);
        };
    }

    /** Signed with the right key, so that only a claim is wrong. */
    private String altered(String claim, Object value) {
        Map<String, Object> claims = host.claims(Host.ALICE);
        claims.put("sid", session.handle().value());
        claims.put(claim, value);
        return host.sign(claims);
    }

    private String expiredForgery() {
        String[] parts = host.forged(session).split("\\.", -1);
        return parts[0] + "." + encoded("{\"sid\":\"" + session.handle().value() + "\",\"exp\":1}") + "." + parts[2];
    }

    private String text(int bytes) {
        byte[] out = new byte[bytes];
        random.nextBytes(out);
        return Base64URL.encode(out).toString();
    }

    private static String encoded(String json) {
        return Base64URL.encode(json).toString();
    }

    private void assertNothingHappened() {
        assertThat(host.store.calls()).isEmpty();
        assertThat(host.events).isEmpty();
        assertThat(log.list).isEmpty();
        assertThat(revocations()).isZero();
        assertThat(host.isLive(session)).isTrue();
        assertThat(host.isAccepted(good)).isTrue();
    }

    private long revocations() {
        FeedRead.Page page = (FeedRead.Page)
                host.store.store().feed().readAfter(FeedPosition.beginning(), 100, host.clock.instant());
        return page.entries().stream()
                .filter(FeedEntry.Revoked.class::isInstance)
                .map(FeedEntry.Revoked.class::cast)
                .filter(entry -> entry.revocation().target().kind() != RevocationTarget.Kind.BIRTH)
                .count();
    }

    @Test
    void the_verifier_refuses_all_of_them() {
        for (int i = 0; i < TOKENS; i++) {
            String token = forged(i);
            assertThatExceptionOfType(InvalidTokenException.class)
                    .as("shape %s", i % 14)
                    .isThrownBy(() -> host.verifier.verifyForLogout(token));
        }
        assertNothingHappened();
    }

    @Test
    void no_endpoint_asks_the_store_whichever_way_they_come() {
        for (Profile profile : Profile.values()) {
            SessionEndpoints endpoints = host.endpoints(profile);
            for (int i = 0; i < TOKENS; i++) {
                assertThat(call(endpoints, i / 14 % 6, forged(i)).status())
                        .as("shape %s", i % 14)
                        .isEqualTo(401);
            }
        }
        assertNothingHappened();
    }

    @Test
    void a_good_token_beside_a_forged_one_ends_nothing() {
        SessionEndpoints endpoints = host.endpoints(Profile.GUIDE);
        for (int i = 0; i < 1_000; i++) {
            String forged = forged(i);
            String body = "{\"token\":\"" + forged + "\"}";
            assertThat(endpoints
                            .logout(Host.json(Host.post(good), body).build())
                            .status())
                    .as("shape %s", i % 14)
                    .isEqualTo(401);
            assertThat(endpoints
                            .logout(Host.post(forged)
                                    .header("Cookie", "__Host-at=" + good)
                                    .build())
                            .status())
                    .isEqualTo(401);
        }
        assertNothingHappened();
    }

    @Test
    void one_address_is_told_to_come_back_later() {
        SessionEndpoints endpoints = host.endpoints()
                .rateLimiter(InMemoryRateLimiter.of(60, Duration.ofMinutes(1)))
                .build();
        int refused = 0;
        for (int i = 0; i < TOKENS; i++) {
            EndpointResponse response = endpoints.logout(
                    Host.post(forged(i)).clientAddress("203.0.113.7").build());
            refused += response.status() == 429 ? 1 : 0;
        }

        assertThat(refused).isEqualTo(TOKENS - 60);
        assertNothingHappened();
        assertThat(endpoints
                        .logout(Host.post(good).clientAddress("203.0.113.7").build())
                        .status())
                .isEqualTo(200);
    }

    private static EndpointResponse call(SessionEndpoints endpoints, int way, String token) {
        return switch (way) {
            case 0 -> endpoints.logout(Host.post(token).build());
            case 1 ->
                endpoints.logout(Host.json(EndpointRequest.of("POST"), "{\"token\":\"" + token + "\"}")
                        .build());
            case 2 ->
                endpoints.logout(EndpointRequest.of("POST")
                        .header("Cookie", "__Host-at=" + (token.isEmpty() ? "x" : token))
                        .header("Sec-Fetch-Site", "same-origin")
                        .build());
            case 3 -> endpoints.listSessions(Host.get(token).build());
            case 4 -> endpoints.revokeOtherSessions(Host.delete(token).build());
            default -> endpoints.revokeSession(Host.delete(token).pathId("x").build());
        };
    }
}
