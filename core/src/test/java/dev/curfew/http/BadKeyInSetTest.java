package dev.curfew.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.sun.net.httpserver.HttpServer;
import dev.curfew.memory.InMemoryRateLimiter;
import dev.curfew.meter.Meter;
import dev.curfew.token.SessionIds;
import dev.curfew.token.TokenKeys;
import dev.curfew.token.TokenPolicy;
import dev.curfew.token.TokenVerifier;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** One bad key among an issuer's keys: forged tokens that name it are refused, counted and limited like all others. */
@Timeout(120)
class BadKeyInSetTest {
    private static final int TOKENS = 10_000;
    private static final int PERMITS = 60;
    private static final String ISSUER = "https://login.example.com";
    private static final String AUDIENCE = "https://api.example.com";

    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Level level = root.getLevel();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Random random = new Random(20261128);
    private final Host host = Host.create();
    private final KeyPair good = pair();
    private HttpServer issuer;

    @BeforeEach
    void listen() throws IOException {
        issuer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        log.start();
        root.setLevel(Level.INFO);
        root.addAppender(log);
        host.store.forgetCalls();
    }

    @AfterEach
    void stop() {
        root.detachAppender(log);
        root.setLevel(level);
        issuer.stop(0);
    }

    /** No point of the curve; the neutral point; a second spelling of that. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0200000000000000000000000000000000000000000000000000000000000000",
                "0100000000000000000000000000000000000000000000000000000000000000",
                "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
            })
    void forged_tokens_for_it_are_limited_like_any_other(String badPoint) throws Exception {
        TokenVerifier verifier =
                verifier(okp("good", x(good)), okp("bad", HexFormat.of().parseHex(badPoint)));
        SessionEndpoints endpoints = SessionEndpoints.builder()
                .service(host.service)
                .verifier(verifier)
                .clock(host.clock)
                .rateLimiter(InMemoryRateLimiter.of(PERMITS, Duration.ofMinutes(1)))
                .build();
        int unauthorized = 0;
        int limited = 0;
        for (int i = 0; i < TOKENS; i++) {
            EndpointRequest request =
                    Host.post(forged(i)).clientAddress("203.0.113.7").build();
            int status = endpoints.logout(request).status();
            unauthorized += status == 401 ? 1 : 0;
            limited += status == 429 ? 1 : 0;
        }

        assertThat(unauthorized).isEqualTo(PERMITS);
        assertThat(limited).isEqualTo(TOKENS - PERMITS);
        assertThat(refusals(verifier)).isEqualTo(TOKENS);
        assertThat(host.store.calls()).isEmpty();
        assertThat(log.list)
                .extracting(ILoggingEvent::getLevel)
                .doesNotContain(Level.ERROR)
                .hasSize(1);
        assertThat(log.list.get(0).getFormattedMessage())
                .contains(ISSUER, "/jwks", "ED25519_")
                .doesNotContain(badPoint);
        String token = signed(host.claims(Host.ALICE));
        assertThat(endpoints
                        .logout(Host.post(token).clientAddress("203.0.113.7").build())
                        .status())
                .as("the good key still serves")
                .isEqualTo(200);
    }

    @Test
    void a_set_of_nothing_else_refuses_all_tokens_and_is_no_outage() throws Exception {
        TokenVerifier verifier = verifier(okp("bad", HexFormat.of().parseHex("02" + "00".repeat(31))));
        SessionEndpoints endpoints = SessionEndpoints.builder()
                .service(host.service)
                .verifier(verifier)
                .clock(host.clock)
                .build();

        for (int i = 0; i < 100; i++) {
            assertThat(endpoints.logout(Host.post(forged(i)).build()).status()).isEqualTo(401);
        }
        assertThat(log.list).extracting(ILoggingEvent::getLevel).containsOnly(Level.WARN);
    }

    private TokenVerifier verifier(String... keys) {
        byte[] set = ("{\"keys\":[" + String.join(",", keys) + "]}").getBytes(StandardCharsets.UTF_8);
        issuer.createContext("/jwks", exchange -> {
            exchange.sendResponseHeaders(200, set.length);
            exchange.getResponseBody().write(set);
            exchange.close();
        });
        issuer.start();
        URI uri = URI.create("http://127.0.0.1:" + issuer.getAddress().getPort() + "/jwks");
        TokenPolicy policy = TokenPolicy.forIssuer(Host.REALM, ISSUER)
                .keys(TokenKeys.remote(uri))
                .audience(AUDIENCE)
                .sessionIds(SessionIds.OURS)
                .allowMissingSessionId()
                .maxTokenLifetime(Host.TOKEN_LIFETIME)
                .build();
        return TokenVerifier.builder(policy).clock(host.clock).build();
    }

    private String forged(int number) {
        byte[] signature = new byte[64];
        random.nextBytes(signature);
        String algorithm = number % 2 == 0 ? "EdDSA" : "Ed25519";
        return input(algorithm, number % 3 == 0 ? "" : ",\"kid\":\"bad\"", host.claims(Host.ALICE)) + "."
                + Base64URL.encode(signature);
    }

    private String signed(Map<String, Object> claims) throws GeneralSecurityException {
        String input = input("EdDSA", ",\"kid\":\"good\"", claims);
        Signature signer = Signature.getInstance("Ed25519");
        signer.initSign(good.getPrivate());
        signer.update(input.getBytes(StandardCharsets.US_ASCII));
        return input + "." + Base64URL.encode(signer.sign());
    }

    private static String input(String algorithm, String keyId, Map<String, Object> claims) {
        String header = "{\"alg\":\"" + algorithm + "\",\"typ\":\"at+jwt\"" + keyId + "}";
        return Base64URL.encode(header) + "." + Base64URL.encode(JSONObjectUtils.toJSONString(claims));
    }

    private static long refusals(TokenVerifier verifier) {
        return verifier.meters().stream()
                .filter(meter -> meter.name().equals("curfew.tokens.refused"))
                .map(Meter.Counter.class::cast)
                .mapToLong(counter -> counter.count().getAsLong())
                .sum();
    }

    private static String okp(String id, byte[] x) {
        return "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"" + id + "\",\"x\":\"" + Base64URL.encode(x) + "\"}";
    }

    private static byte[] x(KeyPair pair) {
        byte[] encoded = pair.getPublic().getEncoded();
        return Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
    }

    private static KeyPair pair() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
