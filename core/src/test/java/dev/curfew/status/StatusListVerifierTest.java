package dev.curfew.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.curfew.deliver.OutgoingHttp;
import dev.curfew.deliver.TlsServer;
import dev.curfew.session.Realm;
import dev.curfew.token.BeganAt;
import dev.curfew.token.EventTokenPolicy;
import dev.curfew.token.EventTokenPolicy.Profile;
import dev.curfew.token.EventTokenVerifier;
import dev.curfew.token.SessionIds;
import dev.curfew.token.SigningKey;
import dev.curfew.token.TokenKeys;
import dev.curfew.token.TokenPolicy;
import dev.curfew.token.TokenVerifier;
import dev.curfew.token.VerifiedToken;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TSL-04 to TSL-11, of an issuer whose lists are on a real server of https. */
class StatusListVerifierTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final String ISSUER = "https://issuer.example";
    private static final Realm REALM = Realm.of("theirs");
    private static final KeyPair PAIR = pair();
    private static final SigningKey KEY = SigningKey.of("k1", "EdDSA", PAIR.getPrivate(), PAIR.getPublic());
    private static final TokenKeys KEYS = TokenKeys.ofJwkSet(SigningKey.jwkSet(List.of(KEY)));

    private static KeyStore localhost;

    private final TlsServer server = new TlsServer(localhost);
    private final AtomicLong nanos = new AtomicLong();
    private final String uri = server.uri("/statuslists/1").toString();
    private final Map<String, Object> claims = new HashMap<>();
    private Instant now = NOW;
    private int status = 200;
    private String contentType = "application/statuslist+jwt";

    @BeforeAll
    static void makeCertificate(@TempDir Path folder) {
        localhost = TlsServer.certificateOf("localhost", folder);
    }

    @BeforeEach
    void publish() {
        claims.put("sub", uri);
        claims.put("iat", NOW.getEpochSecond() - 10);
        claims.put("exp", NOW.getEpochSecond() + 7200);
        claims.put("ttl", 600L);
        claims.put("status_list", listOf(2, 1));
        server.answers(exchange -> {
            byte[] body = KEY.sign("statuslist+jwt", claims).getBytes(StandardCharsets.US_ASCII);
            exchange.getResponseHeaders().add("Content-Type", contentType);
            exchange.getResponseHeaders().add("Cache-Control", "max-age=999999");
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        });
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** Sixteen statuses: 0, 1, 2, 3 and so on, turned by so many places. */
    private static Map<String, Object> listOf(int bits, int turned) {
        return Map.of(
                "bits",
                bits,
                "lst",
                StatusList.of(bits, 16, index -> (index + 4 - turned) % 4 % (1 << bits))
                        .encode());
    }

    private StatusListVerifier verifier() {
        return verifier(builder -> builder);
    }

    private StatusListVerifier verifier(UnaryOperator<StatusListVerifier.Builder> settings) {
        OutgoingHttp http = OutgoingHttp.to(List.of(server.host()))
                .privateHost("localhost")
                .tls(TlsServer.trusting(localhost))
                .build();
        EventTokenPolicy policy = EventTokenPolicy.of(Profile.STATUS_LIST, REALM, ISSUER)
                .keys(KEYS)
                .algorithms("EdDSA")
                .build();
        return settings.apply(StatusListVerifier.of(EventTokenVerifier.of(policy, new MovedClock()), http)
                        .uriPrefix(server.uri("/statuslists/").toString())
                        .clock(new MovedClock())
                        .nanoTime(nanos::get))
                .build();
    }

    private VerifiedToken token(Object statusClaim) {
        Map<String, Object> members = new HashMap<>(Map.of(
                "iss",
                ISSUER,
                "aud",
                "us",
                "sub",
                "alice",
                "client_id",
                "c",
                "jti",
                "j",
                "iat",
                NOW.getEpochSecond(),
                "exp",
                NOW.getEpochSecond() + 600));
        members.put("sid", "theirs");
        if (statusClaim != null) {
            members.put("status", statusClaim);
        }
        TokenPolicy policy = TokenPolicy.forIssuer(REALM, ISSUER)
                .keys(KEYS)
                .audience("us")
                .sessionIds(SessionIds.FOREIGN)
                .beganAt(BeganAt.ISSUED_AT)
                .maxTokenLifetime(Duration.ofMinutes(15))
                .build();
        return TokenVerifier.builder(policy)
                .clock(Clock.fixed(NOW, ZoneOffset.UTC))
                .build()
                .verify(KEY.sign("at+jwt", members));
    }

    private VerifiedToken at(long index) {
        return token(Map.of("status_list", Map.of("idx", index, "uri", uri)));
    }

    @Test
    void a_token_has_the_status_of_its_index() {
        StatusListVerifier verifier = verifier();

        assertThat(verifier.check(at(1))).isEqualTo(TokenStatus.VALID);
        assertThat(verifier.check(at(2))).isEqualTo(TokenStatus.INVALID);
        assertThat(verifier.check(at(3))).isEqualTo(TokenStatus.SUSPENDED);
        assertThat(verifier.check(at(4))).isEqualTo(TokenStatus.OTHER);
        assertThat(server.seen()).singleElement().satisfies(seen -> {
            assertThat(seen.getRequestMethod()).isEqualTo("GET");
            assertThat(seen.getRequestHeaders().getFirst("Accept")).isEqualTo("application/statuslist+jwt");
        });
        assertThat(TokenStatus.values()).filteredOn(TokenStatus::isUsable).containsExactly(TokenStatus.VALID);
    }

    @Test
    void an_index_beyond_the_list_is_unknown() {
        StatusListVerifier verifier = verifier();

        assertThat(verifier.check(at(13))).isEqualTo(TokenStatus.VALID);
        assertThat(verifier.check(at(16))).isEqualTo(TokenStatus.UNKNOWN);
        assertThat(verifier.check(at(Long.MAX_VALUE))).isEqualTo(TokenStatus.UNKNOWN);
    }

    @Test
    void a_reference_that_is_none_is_unknown_and_asks_nobody() {
        StatusListVerifier verifier = verifier();

        for (Object claim : List.of(
                "x",
                Map.of(),
                Map.of("status_list", "x"),
                Map.of("status_list", Map.of("uri", uri)),
                Map.of("status_list", Map.of("idx", 1)),
                Map.of("status_list", Map.of("idx", -1, "uri", uri)),
                Map.of("status_list", Map.of("idx", "1", "uri", uri)),
                Map.of("status_list", Map.of("idx", 1.0, "uri", uri)),
                Map.of("status_list", Map.of("idx", 1, "uri", 7)),
                Map.of("status_list", Map.of("idx", 1, "uri", "a b")),
                Map.of(
                        "status_list",
                        Map.of("idx", 1, "uri", server.uri("/other/1").toString())),
                Map.of(
                        "status_list",
                        Map.of("idx", 1, "uri", server.uri("/statuslists/../x").toString())),
                Map.of(
                        "status_list",
                        Map.of(
                                "idx",
                                1,
                                "uri",
                                server.uri("/statuslists/%2E%2e/x").toString())),
                Map.of("status_list", Map.of("idx", 1, "uri", "http://169.254.169.254/")))) {
            assertThat(verifier.check(token(claim))).as(claim.toString()).isEqualTo(TokenStatus.UNKNOWN);
        }
        assertThat(server.seen()).isEmpty();
    }

    @Test
    void a_token_without_status_is_unknown_unless_the_host_says_otherwise() {
        assertThat(verifier().check(token(null))).isEqualTo(TokenStatus.UNKNOWN);
        assertThat(verifier(StatusListVerifier.Builder::acceptMissingStatus).check(token(null)))
                .isEqualTo(TokenStatus.VALID);
        assertThat(server.seen()).isEmpty();
    }

    @Test
    void a_list_that_is_not_as_it_must_be_is_unknown() {
        Map<String, Object> changes = new HashMap<>();
        changes.put("sub", uri + "0");
        changes.put("iat", NOW.getEpochSecond() + 60);
        changes.put("exp", NOW.getEpochSecond() - 11);
        changes.put("ttl", 0);
        changes.put("status_list", Map.of("bits", 3, "lst", "eNrbuRgAAhcBXQ"));
        for (Map.Entry<String, Object> change : changes.entrySet()) {
            Object before = claims.put(change.getKey(), change.getValue());
            assertThat(verifier().check(at(1))).as(change.getKey()).isEqualTo(TokenStatus.UNKNOWN);
            claims.put(change.getKey(), before);
        }
        assertThat(verifier().check(at(1))).isEqualTo(TokenStatus.VALID);
        for (Object ttl : new Object[] {-1, "600", null, true}) {
            claims.put("ttl", ttl);
            assertThat(verifier().check(at(1))).as("ttl " + ttl).isEqualTo(TokenStatus.UNKNOWN);
        }
        claims.put("ttl", 600);
        contentType = "text/html";
        assertThat(verifier().check(at(1))).isEqualTo(TokenStatus.UNKNOWN);
        contentType = "Application/StatusList+JWT; charset=us-ascii";
        assertThat(verifier().check(at(1))).isEqualTo(TokenStatus.VALID);
        status = 404;
        assertThat(verifier().check(at(1))).isEqualTo(TokenStatus.UNKNOWN);
        status = 302;
        assertThat(verifier().check(at(1))).isEqualTo(TokenStatus.UNKNOWN);
    }

    @Test
    void a_list_is_asked_for_again_in_the_last_quarter_of_its_life() {
        StatusListVerifier verifier = verifier();
        assertThat(verifier.check(at(1))).isEqualTo(TokenStatus.VALID);
        claims.put("status_list", listOf(2, 0));

        nanos.addAndGet(Duration.ofSeconds(450).toNanos() - 1);
        assertThat(verifier.check(at(1))).isEqualTo(TokenStatus.VALID);
        assertThat(server.seen()).hasSize(1);
        nanos.addAndGet(1);
        assertThat(verifier.check(at(1))).isEqualTo(TokenStatus.INVALID);
        assertThat(server.seen()).hasSize(2);
    }

    @Test
    void a_failure_is_bridged_by_the_last_list_while_that_lives_and_denies_afterwards() {
        StatusListVerifier verifier = verifier();
        assertThat(verifier.check(at(1))).isEqualTo(TokenStatus.VALID);
        status = 503;

        nanos.addAndGet(Duration.ofSeconds(599).toNanos());
        assertThat(verifier.check(at(1))).isEqualTo(TokenStatus.VALID);
        assertThat(verifier.check(at(1))).isEqualTo(TokenStatus.VALID);
        assertThat(server.seen()).as("one try, and then a pause").hasSize(2);
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(verifier.check(at(1))).isEqualTo(TokenStatus.UNKNOWN);
        assertThat(server.seen()).hasSize(2);
        status = 200;
        nanos.addAndGet(Duration.ofSeconds(9).toNanos());
        assertThat(verifier.check(at(1))).isEqualTo(TokenStatus.VALID);
        assertThat(server.seen()).hasSize(3);
    }

    @Test
    void an_older_list_than_the_last_one_revives_nothing() {
        StatusListVerifier verifier = verifier();
        claims.put("status_list", listOf(2, 0));
        assertThat(verifier.check(at(1))).isEqualTo(TokenStatus.INVALID);
        claims.put("status_list", listOf(2, 1));
        claims.put("iat", NOW.getEpochSecond() - 11);

        nanos.addAndGet(Duration.ofSeconds(599).toNanos());
        assertThat(verifier.check(at(1))).isEqualTo(TokenStatus.INVALID);
        nanos.addAndGet(Duration.ofSeconds(20).toNanos());
        assertThat(verifier.check(at(1))).isEqualTo(TokenStatus.UNKNOWN);
        assertThat(server.seen()).hasSize(3);
        claims.put("iat", NOW.getEpochSecond() - 10);
        nanos.addAndGet(Duration.ofSeconds(10).toNanos());
        assertThat(verifier.check(at(1))).isEqualTo(TokenStatus.VALID);
    }

    /** TSL-10: not sooner than in a minute, not later than in a day, and never beyond its own end. */
    @Test
    void the_life_of_a_list_has_bounds() {
        claims.put("ttl", 1);
        StatusListVerifier hasty = verifier();
        assertThat(hasty.check(at(1))).isEqualTo(TokenStatus.VALID);
        nanos.addAndGet(Duration.ofSeconds(60).toNanos() - 1);
        assertThat(hasty.check(at(1))).isEqualTo(TokenStatus.VALID);
        assertThat(server.seen()).hasSize(1);
        nanos.addAndGet(1);
        assertThat(hasty.check(at(1))).isEqualTo(TokenStatus.VALID);
        assertThat(server.seen()).hasSize(2);

        claims.put("ttl", 1e300);
        StatusListVerifier patient = verifier();
        assertThat(patient.check(at(1))).isEqualTo(TokenStatus.VALID);
        now = NOW.plusSeconds(7209);
        assertThat(patient.check(at(1))).isEqualTo(TokenStatus.VALID);
        now = NOW.plusSeconds(7210);
        assertThat(patient.check(at(1))).isEqualTo(TokenStatus.UNKNOWN);
        assertThat(server.seen()).as("asked again, and given the same one").hasSize(4);
        now = NOW;
        nanos.addAndGet(Duration.ofDays(1).toNanos());
        status = 404;
        assertThat(patient.check(at(1))).isEqualTo(TokenStatus.UNKNOWN);
    }

    @Test
    void what_has_no_default_is_named() {
        EventTokenPolicy other = EventTokenPolicy.of(Profile.LOGOUT, REALM, ISSUER)
                .keys(KEYS)
                .algorithms("EdDSA")
                .audience("us")
                .build();
        OutgoingHttp http = OutgoingHttp.to(List.of("issuer.example")).build();
        EventTokenVerifier lists = EventTokenVerifier.of(EventTokenPolicy.of(Profile.STATUS_LIST, REALM, ISSUER)
                .keys(KEYS)
                .algorithms("EdDSA")
                .build());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> StatusListVerifier.of(EventTokenVerifier.of(other), http))
                .withMessageContaining("STATUS_LIST");
        assertThatIllegalStateException()
                .isThrownBy(() -> StatusListVerifier.of(lists, http).build())
                .withMessageContaining("uriPrefix");
        for (String prefix : List.of("https://issuer.example", "http://issuer.example/", "/x", "https://a@b/")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> StatusListVerifier.of(lists, http).uriPrefix(prefix));
        }
    }

    private static KeyPair pair() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Follows the field, so that one verifier sees it move. */
    private final class MovedClock extends Clock {
        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneOffset getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
