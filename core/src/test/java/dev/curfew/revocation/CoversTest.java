package dev.curfew.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.session.ClientId;
import dev.curfew.session.ForeignSessionId;
import dev.curfew.session.Realm;
import dev.curfew.session.Seeds;
import dev.curfew.session.SessionHandle;
import dev.curfew.session.SessionId;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rule for tokens and sessions of ours, target by target. */
class CoversTest {
    private static final Instant CUT_OFF = Instant.parse("2026-03-01T10:00:00.500Z");
    private static final Realm REALM = Realm.of("a");
    private static final SubjectId ALICE = new SubjectId(REALM, "alice");
    private static final SubjectId BOB = new SubjectId(REALM, "bob");
    private static final ClientId WEB = new ClientId(REALM, "web");
    private static final SessionId EARLY = began(CUT_OFF.minusSeconds(60));
    private static final SessionId EXACT = began(CUT_OFF);
    private static final SessionId LATE = began(CUT_OFF.plusMillis(1));

    static List<RevocationTarget> cutOffs() {
        return List.of(
                RevocationTarget.subject(ALICE),
                RevocationTarget.client(WEB),
                RevocationTarget.realm(REALM),
                RevocationTarget.birth(ALICE.key().bucket() & 3, 4));
    }

    @ParameterizedTest
    @MethodSource("cutOffs")
    void a_cut_off_covers_what_began_at_its_instant_and_not_a_millisecond_later(RevocationTarget target) {
        Revocation cutOff = cutOff(target).build();

        assertThat(cutOff.covers(token(EARLY))).isTrue();
        assertThat(cutOff.covers(token(EXACT))).isTrue();
        assertThat(cutOff.covers(token(LATE))).isFalse();
    }

    @ParameterizedTest
    @MethodSource("cutOffs")
    void a_cut_off_covers_stored_sessions_alike(RevocationTarget target) {
        Revocation cutOff = cutOff(target).build();

        assertThat(cutOff.covers(stored(EARLY))).isTrue();
        assertThat(cutOff.covers(stored(EXACT))).isTrue();
        assertThat(cutOff.covers(stored(LATE))).isFalse();
    }

    @ParameterizedTest
    @MethodSource("cutOffs")
    void a_cut_off_covers_whatever_has_no_instant(RevocationTarget target) {
        TokenFacts timeless = TokenFacts.in(REALM).subject(ALICE).client(WEB).build();

        assertThat(timeless.began()).isEmpty();
        assertThat(cutOff(target).issuedBefore(Instant.EPOCH).build().covers(timeless))
                .isTrue();
    }

    @ParameterizedTest
    @MethodSource("cutOffs")
    void a_cut_off_spares_its_exempt_session_by_id_and_not_by_time(RevocationTarget target) {
        Revocation cutOff = cutOff(target).exempt(exempt(EARLY)).build();
        SessionId twin = Seeds.mint(Seeds.random(99), ALICE, EARLY.authenticatedAt());

        assertThat(cutOff.covers(token(EARLY))).as("its old token too").isFalse();
        assertThat(cutOff.covers(stored(EARLY))).isFalse();
        assertThat(cutOff.covers(token(twin)))
                .as("another session of the same instant")
                .isTrue();
        assertThat(cutOff.covers(TokenFacts.in(REALM).subject(ALICE).client(WEB).build()))
                .as("no session at all")
                .isTrue();
    }

    @Test
    void a_tokens_own_instants_do_not_count_where_our_session_proves_one() {
        Revocation cutOff = cutOff(RevocationTarget.subject(ALICE)).build();
        Instant muchLater = CUT_OFF.plusSeconds(3_600);

        assertThat(cutOff.covers(builder(EARLY)
                        .issuedAt(muchLater)
                        .authenticatedAt(muchLater)
                        .build()))
                .isTrue();
        assertThat(cutOff.covers(builder(LATE)
                        .issuedAt(Instant.EPOCH)
                        .authenticatedAt(Instant.EPOCH)
                        .build()))
                .isFalse();
    }

    @Test
    void a_subject_covers_nobody_else() {
        Revocation cutOff = cutOff(RevocationTarget.subject(ALICE)).build();

        assertThat(cutOff.covers(TokenFacts.in(REALM).subject(BOB).build())).isFalse();
        assertThat(cutOff.covers(TokenFacts.in(REALM).build()))
                .as("a token without a subject")
                .isFalse();
    }

    @Test
    void a_client_covers_every_subject_but_no_other_client() {
        Revocation cutOff = cutOff(RevocationTarget.client(WEB)).build();

        assertThat(cutOff.covers(TokenFacts.in(REALM).subject(BOB).client(WEB).build()))
                .isTrue();
        assertThat(cutOff.covers(
                        TokenFacts.in(REALM).client(new ClientId(REALM, "Web")).build()))
                .isFalse();
        assertThat(cutOff.covers(TokenFacts.in(REALM).subject(BOB).build())).isFalse();
    }

    @Test
    void a_token_covers_whatever_carries_its_id_whenever_it_began() {
        TokenFacts named = builder(EARLY).token(TokenId.ofJti("jti-1")).build();
        Revocation token = cutOff(RevocationTarget.token(named))
                .issuedBefore(Instant.EPOCH)
                .build();

        assertThat(token.covers(named)).isTrue();
        assertThat(token.covers(builder(LATE).token(TokenId.ofJti("jti-1")).build()))
                .isTrue();
        assertThat(token.covers(
                        TokenFacts.in(REALM).token(TokenId.ofJti("jti-1")).build()))
                .isTrue();
        assertThat(token.covers(builder(EARLY).token(TokenId.ofJti("jti-2")).build()))
                .isFalse();
        assertThat(token.covers(token(EARLY))).as("without an id").isFalse();
    }

    @Test
    void a_session_covers_every_token_that_carries_its_id_whenever_issued() {
        Revocation session = cutOff(RevocationTarget.session(SessionRef.of(REALM, EARLY)))
                .issuedBefore(Instant.EPOCH)
                .build();

        assertThat(session.covers(
                        builder(EARLY).issuedAt(CUT_OFF.plusSeconds(9_999)).build()))
                .isTrue();
        assertThat(session.covers(stored(EARLY))).isTrue();
        assertThat(session.covers(token(EXACT))).isFalse();
        assertThat(session.covers(TokenFacts.in(REALM).subject(ALICE).build())).isFalse();
    }

    @Test
    void a_signing_key_covers_whatever_it_verified_in_every_realm() {
        Revocation key = cutOff(RevocationTarget.signingKey("thumb-1"))
                .issuedBefore(Instant.EPOCH)
                .build();
        Realm other = Realm.of("b");

        assertThat(key.covers(builder(LATE).signingKey("thumb-1").build())).isTrue();
        assertThat(key.covers(TokenFacts.in(other).signingKey("thumb-1").build()))
                .isTrue();
        assertThat(key.covers(builder(LATE).signingKey("thumb-2").build())).isFalse();
        assertThat(key.covers(stored(EARLY)))
                .as("a session was verified by no key")
                .isFalse();
    }

    @Test
    void two_realms_with_the_same_names_never_meet() {
        Realm twin = Realm.of("b");
        SubjectId aliceB = new SubjectId(twin, "alice");
        TokenFacts inB = TokenFacts.in(twin)
                .subject(aliceB)
                .client(new ClientId(twin, "web"))
                .token(TokenId.ofJti("jti-1"))
                .session(new ForeignSessionId("sid-1"))
                .build();
        TokenFacts inA = TokenFacts.in(REALM)
                .subject(ALICE)
                .client(WEB)
                .token(TokenId.ofJti("jti-1"))
                .session(new ForeignSessionId("sid-1"))
                .build();
        List<RevocationTarget> targets = List.of(
                RevocationTarget.subject(ALICE),
                RevocationTarget.client(WEB),
                RevocationTarget.realm(REALM),
                RevocationTarget.token(inA),
                RevocationTarget.session(SessionRef.of(ALICE, new ForeignSessionId("sid-1"))));

        assertThat(targets).allSatisfy(target -> {
            assertThat(cutOff(target).build().covers(inA)).isTrue();
            assertThat(cutOff(target).build().covers(inB)).isFalse();
        });
    }

    @Test
    void is_lifted_by_reauthentication_never_for_a_session_of_ours() {
        TokenFacts facts = builder(EXACT)
                .authenticatedAt(CUT_OFF)
                .issuedAt(CUT_OFF.plusSeconds(60))
                .build();

        for (RevocationTarget target : cutOffs()) {
            assertThat(cutOff(target).build().covers(facts)).isTrue();
            assertThat(cutOff(target).build().isLiftedByReauthentication(facts))
                    .as("%s: no foreign provider is involved", target.kind())
                    .isFalse();
        }
    }

    private static SessionId began(Instant instant) {
        return Seeds.mint(Seeds.random(instant.toEpochMilli()), ALICE, instant);
    }

    private static ExemptSession exempt(SessionHandle handle) {
        return ExemptSession.of(SessionRef.of(ALICE, handle));
    }

    private static TokenFacts token(SessionId session) {
        return builder(session).build();
    }

    private static TokenFacts.Builder builder(SessionId session) {
        return TokenFacts.in(REALM).subject(ALICE).client(WEB).session(session);
    }

    private static TokenFacts stored(SessionId id) {
        return TokenFacts.ofSession(
                REALM.key(), SessionRef.of(ALICE, id).key(), ALICE.key(), WEB.key(), id.authenticatedAt(), id.bucket());
    }

    private static Revocation.Builder cutOff(RevocationTarget target) {
        return Revocation.of(target).issuedBefore(CUT_OFF).revokedAt(CUT_OFF).forgetAfter(Revocation.NEVER);
    }
}
