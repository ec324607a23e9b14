package dev.curfew.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.LoginResult;
import dev.curfew.SessionService;
import dev.curfew.deliver.OutgoingHttp;
import dev.curfew.house.PageExamples;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.revocation.TokenId;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Realm;
import dev.curfew.session.Session;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.session.SubjectId;
import dev.curfew.token.EventTokenPolicy;
import dev.curfew.token.EventTokenPolicy.Profile;
import dev.curfew.token.EventTokenVerifier;
import dev.curfew.token.SigningKey;
import dev.curfew.token.TokenKeys;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The examples of the page about standards, compiled and run. */
class StatusListPageTest {
    @Test
    void the_examples_of_the_page_stand_here() throws IOException {
        PageExamples page = PageExamples.of(Path.of("../docs/standards.md"));

        assertThat(page.missingIn(Path.of("src/test/java/dev/curfew/status/StatusListPageTest.java")))
                .noneMatch(block -> block.contains("StatusListVerifier"))
                .noneMatch(block -> block.contains("StatusListIssuer"));
        assertThat(page.blocks()).anyMatch(block -> block.contains("StatusListVerifier"));
        assertThat(page.blocks()).anyMatch(block -> block.contains("StatusListIssuer"));
    }

    @Test
    void it_makes_a_verifier() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        TokenKeys keys = TokenKeys.ofPublicKey(generator.generateKeyPair().getPublic());

        OutgoingHttp http = OutgoingHttp.to(List.of("issuer.example")).build();
        EventTokenPolicy policy = EventTokenPolicy.of(Profile.STATUS_LIST, Realm.of("theirs"), "https://issuer.example")
                .keys(keys) // as for the issuer's tokens
                .algorithms("ES256")
                .build();
        StatusListVerifier statuses = StatusListVerifier.of(EventTokenVerifier.of(policy), http)
                .uriPrefix("https://issuer.example/statuslists/")
                .build();

        assertThat(statuses).isNotNull();
    }

    static StatusListIssuer lists(SessionService sessions, SigningKey key) {
        return StatusListIssuer.of(
                        sessions, "https://issuer.example", key, URI.create("https://issuer.example/statuslists/"))
                .ttl(Duration.ofMinutes(5))
                .validFor(Duration.ofMinutes(15))
                .build();
    }

    static Map<String, Object> status(StatusListIssuer lists, Session session, String jti, Instant issuedAt) {
        TokenFacts.Builder facts = TokenFacts.in(session.subject().realm())
                .token(TokenId.ofJti(jti))
                .session(session.handle())
                .subject(session.subject())
                .issuedAt(issuedAt);
        session.client().ifPresent(facts::client);
        Instant exp = issuedAt.plus(Duration.ofMinutes(10));
        return lists.allocate(facts.build(), exp).claim(); // the claim "status", before the token is signed
    }

    @Test
    void they_publish_the_status_of_a_session() throws GeneralSecurityException {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        SigningKey key = SigningKey.of("k1", "EdDSA", pair.getPrivate(), pair.getPublic());
        try (SessionService sessions = SessionService.builder()
                .store(InMemorySessionStore.create())
                .lifetimes(SessionLifetimes.aal1())
                .maxTokenLifetime(Duration.ofMinutes(10))
                .withoutAuditLog()
                .build()) {
            LoginResult.LoggedIn login =
                    (LoginResult.LoggedIn) sessions.beginLogin(new SubjectId(Realm.of("shop"), "alice"))
                            .complete(DeviceInfo.unknown());
            StatusListIssuer lists = lists(sessions, key);

            Map<String, Object> status = status(lists, login.session(), "jti-1", Instant.now());

            assertThat(status).containsOnlyKeys("status_list");
        }
    }
}
