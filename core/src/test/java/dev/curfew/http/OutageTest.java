package dev.curfew.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.curfew.ratelimit.RateLimitDecision;
import dev.curfew.store.StoreSettingsMismatchException;
import dev.curfew.token.SessionIds;
import dev.curfew.token.TokenKeys;
import dev.curfew.token.TokenPolicy;
import dev.curfew.token.TokenVerifier;
import dev.curfew.work.RedactedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** When somebody that the endpoints need does not answer. */
class OutageTest {
    private final Host host = Host.create();

    @ParameterizedTest
    @CsvSource({"GUIDE, 500", "STANDARDS, 503"})
    void an_issuer_without_keys_is_an_outage_and_not_a_bad_token(Profile profile, int status) throws Exception {
        List<Object> limited = new ArrayList<>();
        SessionEndpoints endpoints = host.endpoints()
                .profile(profile)
                .verifier(withKeysAt(closedPort()))
                .rateLimiter((key, now) -> {
                    limited.add(key);
                    return RateLimitDecision.permitted();
                })
                .build();

        EndpointResponse response = endpoints.logout(
                Host.post(signedByTheIssuer()).clientAddress("203.0.113.7").build());

        assertThat(response.status()).isEqualTo(status);
        assertThat(response.headers("WWW-Authenticate")).isEmpty();
        assertThat(response.headers("Retry-After")).hasSize(profile == Profile.GUIDE ? 0 : 1);
        assertThat(limited).as("nobody's fault is counted").isEmpty();
    }

    @Test
    void a_mistake_that_curfew_has_found_is_logged_with_what_to_do_and_without_a_stack_trace() throws Exception {
        String token = host.token(host.login(Host.ALICE));
        host.store.failWith(new StoreSettingsMismatchException(Duration.ofDays(1), Duration.ofDays(2)));
        SessionEndpoints endpoints = host.endpoints(Profile.GUIDE);

        assertThat(logOf(() -> assertThat(
                                endpoints.listSessions(Host.get(token).build()).status())
                        .isEqualTo(500)))
                .singleElement()
                .satisfies(line -> {
                    assertThat(line.getFormattedMessage())
                            .startsWith("listSessions failed, ")
                            .contains("StoreSettingsMismatchException: retention is PT24H in the store")
                            .contains("but PT48H is configured");
                    assertThat(line.getThrowableProxy()).isNull();
                });
    }

    @Test
    void an_outage_is_told_to_be_over_by_who_was_answered_and_by_nobody_else() {
        String token = host.token(host.login(Host.ALICE));
        RequestFilter filter = RequestFilter.builder(host.endpoints(Profile.STANDARDS))
                .open("/hello")
                .build();
        host.store.cut();

        assertThat(logOf(() -> {
                    filter.filter("/me", Host.get(token).build());
                    filter.filter("/hello", EndpointRequest.of("GET").build());
                    filter.filterNow("/hello", EndpointRequest.of("GET").build());
                    filter.filterNow("/me", Host.get(token).build());
                }))
                .extracting(ILoggingEvent::getFormattedMessage)
                .singleElement()
                .asString()
                .startsWith("calls are answered as in an outage");
    }

    /** What the endpoints log meanwhile. */
    private static List<ILoggingEvent> logOf(Runnable work) {
        BlockingQueue<ILoggingEvent> lines = new LinkedBlockingQueue<>();
        AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent line) {
                lines.add(line);
            }
        };
        Logger logger = (Logger) LoggerFactory.getLogger(SessionEndpoints.class);
        appender.start();
        logger.addAppender(appender);
        try {
            work.run();
        } finally {
            logger.detachAppender(appender);
        }
        return List.copyOf(lines);
    }

    @Test
    void what_was_said_by_an_unknown_failure_is_not_logged() {
        Exception redacted = new RedactedException(
                new IllegalStateException("secret", new IOException("secret", new IllegalArgumentException("secret"))));

        for (Throwable e = redacted; e != null; e = e.getCause()) {
            assertThat(e.getMessage()).startsWith("java.").doesNotContain("secret");
            assertThat(e.getStackTrace()[0].getClassName()).isEqualTo(OutageTest.class.getName());
        }
    }

    private static TokenVerifier withKeysAt(int port) {
        return TokenVerifier.of(TokenPolicy.forIssuer(Host.REALM, "https://login.example.com")
                .keys(TokenKeys.remote(URI.create("http://127.0.0.1:" + port + "/jwks.json")))
                .audience("https://api.example.com")
                .sessionIds(SessionIds.OURS)
                .maxTokenLifetime(Host.TOKEN_LIFETIME)
                .build());
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private String signedByTheIssuer() throws JOSEException {
        JWSObject token = new JWSObject(
                new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("k").build(), new Payload(host.claims(Host.ALICE)));
        token.sign(new ECDSASigner(new ECKeyGenerator(Curve.P_256).generate()));
        return token.serialize();
    }
}
