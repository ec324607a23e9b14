package dev.curfew.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.session.ClientId;
import dev.curfew.session.ForeignSessionId;
import dev.curfew.session.InvalidIdentifierException;
import dev.curfew.session.Realm;
import dev.curfew.session.Seeds;
import dev.curfew.session.SessionId;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TokenFactsTest {
    private static final Realm REALM = Realm.of("a");
    private static final SubjectId ALICE = new SubjectId(REALM, "alice");
    private static final SubjectId BOB = new SubjectId(REALM, "bob");
    private static final ClientId WEB = new ClientId(REALM, "web");
    private static final Instant BEGAN = Instant.parse("2026-03-01T10:00:00.123Z");
    private static final SessionId OURS = Seeds.mint(Seeds.random(1), ALICE, BEGAN);

    @Test
    void build_derives_every_key_once() {
        TokenFacts facts = TokenFacts.in(REALM)
                .token(TokenId.ofJti("jti-1"))
                .session(OURS)
                .subject(ALICE)
                .client(WEB)
                .signingKey("thumb-1")
                .build();

        assertThat(facts.realmKey()).isEqualTo(REALM.key());
        assertThat(facts.tokenKey()).isEqualTo(TokenId.ofJti("jti-1").key(REALM));
        assertThat(facts.sessionKey()).isEqualTo(SessionRef.of(ALICE, OURS).key());
        assertThat(facts.subjectKey()).isEqualTo(ALICE.key());
        assertThat(facts.clientKey()).isEqualTo(WEB.key());
        assertThat(facts.signingKeyKey())
                .isEqualTo(RevocationTarget.signingKey("thumb-1").key());
        assertThat(facts.began()).contains(BEGAN);
    }

    @Test
    void build_of_nothing_but_a_realm_names_nothing_else() {
        TokenFacts facts = TokenFacts.in(REALM).build();

        assertThat(facts.tokenKey()).isNull();
        assertThat(facts.sessionKey()).isNull();
        assertThat(facts.subjectKey()).isNull();
        assertThat(facts.clientKey()).isNull();
        assertThat(facts.signingKeyKey()).isNull();
        assertThat(facts.began()).isEmpty();
        assertThat(facts.bucket()).isBetween(0, 4095);
    }

    @Test
    void build_our_session_id_with_another_subject_is_refused() {
        assertThat(BOB.key().bucket()).isNotEqualTo(ALICE.key().bucket());

        assertThatThrownBy(() -> TokenFacts.in(REALM).session(OURS).subject(BOB).build())
                .isInstanceOf(InvalidIdentifierException.class);
        assertThatThrownBy(() -> TokenFacts.in(REALM).subject(BOB).session(OURS).build())
                .isInstanceOf(InvalidIdentifierException.class)
                .message()
                .doesNotContain("bob", OURS.value());
    }

    @Test
    void build_our_session_id_in_another_realm_is_refused_by_its_bucket() {
        Realm other = Realm.of("b");
        TokenFacts.Builder builder =
                TokenFacts.in(other).subject(new SubjectId(other, "alice")).session(OURS);

        assertThatThrownBy(builder::build).isInstanceOf(InvalidIdentifierException.class);
    }

    @Test
    void a_subject_or_client_of_another_realm_is_refused() {
        Realm other = Realm.of("b");

        assertThatThrownBy(() -> TokenFacts.in(other).subject(ALICE)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> TokenFacts.in(other).client(WEB)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void bucket_is_of_our_session_else_the_subject_else_the_client_else_the_token() {
        TokenId token = TokenId.ofJti("jti-1");
        ForeignSessionId foreign = new ForeignSessionId("sid-1");

        assertThat(TokenFacts.in(REALM)
                        .session(OURS)
                        .client(WEB)
                        .token(token)
                        .build()
                        .bucket())
                .isEqualTo(OURS.bucket());
        assertThat(TokenFacts.in(REALM)
                        .session(foreign)
                        .subject(BOB)
                        .client(WEB)
                        .token(token)
                        .build()
                        .bucket())
                .isEqualTo(BOB.key().bucket());
        assertThat(TokenFacts.in(REALM)
                        .session(foreign)
                        .client(WEB)
                        .token(token)
                        .build()
                        .bucket())
                .isEqualTo(WEB.key().bucket());
        assertThat(TokenFacts.in(REALM).session(foreign).token(token).build().bucket())
                .isEqualTo(token.key(REALM).bucket());
    }

    @Test
    void began_of_our_session_ignores_skew_and_the_tokens_instants() {
        TokenFacts facts = TokenFacts.in(REALM)
                .session(OURS)
                .issuedAt(BEGAN.plusSeconds(99))
                .authenticatedAt(BEGAN.minusSeconds(99))
                .skew(Duration.ofMinutes(5))
                .build();

        assertThat(facts.began()).contains(BEGAN);
    }

    @Test
    void skew_negative_is_refused() {
        assertThatThrownBy(() -> TokenFacts.in(REALM).skew(Duration.ofMillis(-1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(TokenFacts.in(REALM)
                        .skew(Duration.ZERO)
                        .issuedAt(BEGAN)
                        .build()
                        .began())
                .contains(BEGAN);
    }

    @Test
    void of_session_began_is_what_the_row_says() {
        SessionRef session = SessionRef.of(ALICE, OURS);
        TokenFacts facts =
                TokenFacts.ofSession(REALM.key(), session.key(), ALICE.key(), WEB.key(), BEGAN, session.bucket());

        assertThat(facts.began()).contains(BEGAN);
        assertThat(facts.bucket()).isEqualTo(OURS.bucket());
        assertThat(facts.tokenKey()).isNull();
        assertThat(facts.signingKeyKey()).isNull();
    }
}
