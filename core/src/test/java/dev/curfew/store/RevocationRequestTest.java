package dev.curfew.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.contract.Given;
import dev.curfew.contract.GivenSession;
import dev.curfew.revocation.Actor;
import dev.curfew.revocation.ExemptSession;
import dev.curfew.revocation.LoginOrder;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.revocation.TokenId;
import dev.curfew.session.ClientId;
import dev.curfew.session.ForeignSessionId;
import dev.curfew.session.Realm;
import dev.curfew.session.Seeds;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RevocationRequestTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00.123Z");
    private static final Duration RETENTION = Duration.ofDays(100);
    private static final Duration SKEW = Duration.ofSeconds(2);
    private static final StoreSettings SETTINGS = StoreSettings.defaults();
    private static final OperationId OPERATION = new OperationId(1, 2);
    private static final SubjectId ALICE = new SubjectId(Realm.of("a"), "alice");
    private static final SessionRef OURS = SessionRef.of(ALICE, Seeds.mint(Seeds.random(1), ALICE, NOW));
    private static final SessionRef FOREIGN = SessionRef.of(ALICE, new ForeignSessionId("sid-1"));
    private static final RevocationTarget SUBJECT = RevocationTarget.subject(ALICE);
    private static final RevocationTarget TOKEN = RevocationTarget.token(TokenFacts.in(ALICE.realm())
            .subject(ALICE)
            .token(TokenId.ofJti("jti-1"))
            .build());

    static List<RevocationTarget> cutOffs() {
        return List.of(
                SUBJECT,
                RevocationTarget.client(new ClientId(ALICE.realm(), "web")),
                RevocationTarget.realm(ALICE.realm()));
    }

    @ParameterizedTest
    @MethodSource("cutOffs")
    void fix_a_cut_off_that_means_now_is_ahead_of_all_clocks_and_kept_for_the_retention(RevocationTarget target) {
        Revocation entry = fix(request(target), Instant.EPOCH);

        assertThat(entry.issuedBefore()).isEqualTo(NOW.plus(SKEW));
        assertThat(entry.revokedAt()).isEqualTo(NOW);
        assertThat(entry.forgetAfter()).isEqualTo(NOW.plus(SKEW).plus(RETENTION));
    }

    @ParameterizedTest
    @MethodSource("cutOffs")
    void fix_a_cut_off_that_means_now_is_behind_the_newest_applicable(RevocationTarget target) {
        Instant newest = NOW.plusSeconds(60);
        Revocation entry = fix(request(target), newest);

        assertThat(entry.issuedBefore()).isEqualTo(newest.plusMillis(1));
        assertThat(entry.revokedAt()).isEqualTo(NOW);
        assertThat(entry.forgetAfter()).isEqualTo(newest.plusMillis(1).plus(RETENTION));
        assertThat(fix(request(target), NOW.plus(SKEW)).issuedBefore())
                .isEqualTo(NOW.plus(SKEW).plusMillis(1));
    }

    @ParameterizedTest
    @MethodSource("cutOffs")
    void fix_an_explicit_cut_off_is_taken_as_it_is(RevocationTarget target) {
        Instant past = NOW.minusSeconds(3_600);
        Instant future = NOW.plusSeconds(3_600);
        Revocation before = fix(request(target).issuedBefore(past), NOW.plusSeconds(60));
        Revocation after = fix(request(target).issuedBefore(future), NOW.plusSeconds(60));

        assertThat(before.issuedBefore()).isEqualTo(past);
        assertThat(before.forgetAfter()).as("what it covers may still be fresh").isEqualTo(NOW.plus(RETENTION));
        assertThat(after.issuedBefore()).isEqualTo(future);
        assertThat(after.forgetAfter()).isEqualTo(future.plus(RETENTION));
    }

    @Test
    void fix_a_foreign_session_up_to_an_instant_is_taken_as_it_is_whatever_row_stands_there() {
        RevocationTarget target = RevocationTarget.session(FOREIGN);
        Instant until = NOW.minusSeconds(3_600);
        GivenSession row = Given.session(ALICE).foreign("sid-1").began(NOW).build();
        RevocationRequest request = request(target).issuedBefore(until).build();

        Revocation entry = request.fix(NOW, SETTINGS, NOW, Optional.of(row.row()));

        assertThat(request.meansNow()).isFalse();
        assertThat(entry.issuedBefore()).isEqualTo(until);
        assertThat(entry.forgetAfter()).isEqualTo(NOW.plus(RETENTION));
        assertThat(request(target).build().meansNow()).isTrue();
    }

    @Test
    void fix_remembers_what_names_its_instant_as_long_as_asked_for() {
        Instant until = NOW.minusSeconds(1);
        Instant end = NOW.plusSeconds(86_400);

        for (RevocationTarget target : List.of(SUBJECT, RevocationTarget.session(FOREIGN))) {
            Revocation entry = fix(request(target).issuedBefore(until).forgetAfter(end), Instant.EPOCH);
            assertThat(entry.forgetAfter()).isEqualTo(end);
        }
    }

    @Test
    void build_refuses_an_end_of_what_means_now() {
        for (RevocationTarget target : List.of(SUBJECT, RevocationTarget.session(FOREIGN))) {
            RevocationRequest.Builder request = request(target).forgetAfter(NOW.plusSeconds(86_400));
            assertThatIllegalArgumentException().isThrownBy(request::build).withMessageContaining("issuedBefore");
        }
    }

    @Test
    void fix_keeps_reason_actor_and_exemption() {
        ExemptSession exempt = ExemptSession.of(OURS);
        Revocation entry = fix(
                request(SUBJECT)
                        .because(RevocationReason.CREDENTIAL_CHANGED, Actor.admin("root"))
                        .exempt(exempt),
                Instant.EPOCH);

        assertThat(entry.reason()).isEqualTo(RevocationReason.CREDENTIAL_CHANGED);
        assertThat(entry.actor()).isEqualTo(Actor.admin("root"));
        assertThat(entry.exempt()).contains(exempt);
        assertThat(entry.target()).isEqualTo(SUBJECT);
    }

    @Test
    void fix_a_token_is_kept_as_long_as_asked_for_else_for_the_retention() {
        assertThat(fix(request(TOKEN).forgetAfter(NOW.plusSeconds(310)), Instant.EPOCH)
                        .forgetAfter())
                .isEqualTo(NOW.plusSeconds(310));
        assertThat(fix(request(TOKEN), Instant.EPOCH).forgetAfter()).isEqualTo(NOW.plus(RETENTION));
    }

    @Test
    void fix_a_session_is_kept_as_long_as_its_row_says() {
        Instant rowEnds = NOW.plusSeconds(7_200);
        StoredSession row = StoredSession.of(ALICE, OURS)
                .authenticatedAt(NOW)
                .createdAt(NOW)
                .ends(NOW.plusSeconds(3_600), Duration.ofHours(1))
                .forgetAfter(rowEnds)
                .build();
        RevocationRequest request = request(RevocationTarget.session(OURS)).build();

        assertThat(request.fix(NOW, SETTINGS, Instant.EPOCH, Optional.of(row)).forgetAfter())
                .isEqualTo(rowEnds);
        assertThat(request.fix(NOW, SETTINGS, Instant.EPOCH, Optional.empty()).forgetAfter())
                .isEqualTo(NOW.plus(RETENTION));
    }

    @Test
    void fix_a_session_without_a_row_is_kept_as_long_as_asked_for() {
        Revocation entry = fix(request(RevocationTarget.session(OURS)).forgetAfter(NOW.plusSeconds(99)), Instant.EPOCH);

        assertThat(entry.forgetAfter()).isEqualTo(NOW.plusSeconds(99));
    }

    @Test
    void fix_a_foreign_session_covers_logins_of_every_clock_until_now() {
        Revocation entry = fix(request(RevocationTarget.session(FOREIGN)), Instant.EPOCH);

        assertThat(entry.issuedBefore()).isEqualTo(NOW.plus(SKEW));
        assertThat(entry.forgetAfter()).isEqualTo(NOW.plus(RETENTION).plus(SKEW));
    }

    @Test
    void fix_a_foreign_session_without_a_row_covers_a_login_that_the_newest_cut_off_has_pushed_ahead() {
        Instant newest = NOW.plusSeconds(60);
        Revocation entry = fix(request(RevocationTarget.session(FOREIGN)), newest);

        assertThat(entry.issuedBefore()).isEqualTo(LoginOrder.authenticatedAt(NOW, newest));
        assertThat(entry.forgetAfter()).isEqualTo(newest.plusMillis(1).plus(RETENTION));
        assertThat(fix(request(RevocationTarget.session(FOREIGN)), NOW).issuedBefore())
                .isEqualTo(NOW.plus(SKEW));
    }

    @Test
    void fix_a_foreign_session_covers_up_to_the_begin_of_its_row_whatever_is_newest() {
        Instant began = NOW.plusSeconds(30);
        StoredSession row = StoredSession.of(ALICE, FOREIGN)
                .authenticatedAt(began)
                .createdAt(NOW)
                .ends(NOW.plusSeconds(3_600), Duration.ofHours(1))
                .forgetAfter(NOW.plusSeconds(7_200))
                .build();
        RevocationRequest request = request(RevocationTarget.session(FOREIGN)).build();

        assertThat(request.fix(NOW, SETTINGS, NOW.plusSeconds(60), Optional.of(row))
                        .issuedBefore())
                .isEqualTo(began);
    }

    @Test
    void fix_a_signing_key_never_expires() {
        assertThat(fix(request(RevocationTarget.signingKey("thumb-1")), Instant.EPOCH)
                        .forgetAfter())
                .isEqualTo(Revocation.NEVER);
    }

    @Test
    void fix_a_birth_is_refused() {
        assertThatThrownBy(() -> fix(request(RevocationTarget.birth(0, 1)), Instant.EPOCH))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void birth_covers_whatever_is_older_than_the_store() {
        Revocation birth = RevocationRequest.birth(3, 16, NOW, SETTINGS);

        assertThat(birth.target()).isEqualTo(RevocationTarget.birth(3, 16));
        assertThat(birth.issuedBefore()).isEqualTo(NOW.plus(SKEW));
        assertThat(birth.revokedAt()).isEqualTo(NOW);
        assertThat(birth.forgetAfter()).isEqualTo(Revocation.NEVER);
        assertThat(birth.reason()).isEqualTo(RevocationReason.STORE_CREATED);
    }

    @Test
    void birth_of_a_store_that_trusts_older_tokens_covers_only_what_has_no_instant() {
        StoreSettings trusting = new StoreSettings(RETENTION, SKEW, Duration.ofDays(7), true);
        Revocation birth = RevocationRequest.birth(0, 1, NOW, trusting);

        assertThat(birth.issuedBefore()).isEqualTo(Instant.EPOCH);
        assertThat(birth.covers(TokenFacts.in(ALICE.realm())
                        .issuedAt(NOW.minusSeconds(9_999))
                        .build()))
                .isFalse();
        assertThat(birth.covers(TokenFacts.in(ALICE.realm()).build())).isTrue();
    }

    @Test
    void what_a_foreign_session_covers_without_an_instant_the_coarser_covers_too() {
        RevocationTarget foreign =
                RevocationTarget.session(SessionRef.ofUnknownSubject(ALICE.realm(), new ForeignSessionId("theirs")));
        RevocationRequest request = request(foreign)
                .issuedBefore(NOW.minusSeconds(60))
                .coarser(List.of(SUBJECT))
                .build();

        assertThat(request.on(SUBJECT)
                        .fix(NOW, SETTINGS, Instant.EPOCH, Optional.empty())
                        .issuedBefore())
                .isEqualTo(NOW.plus(SKEW));
    }

    @Test
    void a_coarser_cut_off_keeps_its_instant() {
        RevocationTarget realm = RevocationTarget.realm(ALICE.realm());
        RevocationRequest request = request(SUBJECT)
                .issuedBefore(NOW.minusSeconds(60))
                .coarser(List.of(realm))
                .build();

        assertThat(request.on(realm)
                        .fix(NOW, SETTINGS, Instant.EPOCH, Optional.empty())
                        .issuedBefore())
                .isEqualTo(NOW.minusSeconds(60));
    }

    @Test
    void on_a_coarser_target_means_now_for_the_same_reason() {
        RevocationRequest request = request(TOKEN)
                .because(RevocationReason.TOKEN_REUSE, Actor.policy("reuse"))
                .forgetAfter(NOW.plusSeconds(1))
                .coarser(List.of(SUBJECT))
                .build();
        RevocationRequest coarser = request.on(request.coarser().get(0));
        Revocation entry = coarser.fix(NOW, SETTINGS, Instant.EPOCH, Optional.empty());

        assertThat(coarser.operation()).isEqualTo(OPERATION);
        assertThat(entry.target()).isEqualTo(SUBJECT);
        assertThat(entry.issuedBefore()).isEqualTo(NOW.plus(SKEW));
        assertThat(entry.forgetAfter()).isEqualTo(NOW.plus(SKEW).plus(RETENTION));
        assertThat(entry.reason()).isEqualTo(RevocationReason.TOKEN_REUSE);
        assertThat(entry.actor()).isEqualTo(Actor.policy("reuse"));
        assertThat(entry.exempt()).isEmpty();
    }

    @Test
    void on_a_coarser_target_spares_what_the_request_spared() {
        RevocationRequest request =
                request(SUBJECT).exempt(ExemptSession.of(OURS)).build();

        assertThat(request.on(RevocationTarget.realm(ALICE.realm())).exempt()).contains(ExemptSession.of(OURS));
    }

    @ParameterizedTest
    @MethodSource("cutOffs")
    void means_now_a_cut_off_without_an_instant_until_it_is_fixed(RevocationTarget target) {
        RevocationRequest request = request(target).build();

        assertThat(request.meansNow()).isTrue();
        assertThat(request.fixedAs(fix(request(target), Instant.EPOCH)).meansNow())
                .isFalse();
        assertThat(request(target).issuedBefore(NOW).build().meansNow()).isFalse();
    }

    @Test
    void means_now_a_foreign_session_and_nothing_else_that_is_revoked_by_its_name() {
        assertThat(request(RevocationTarget.session(FOREIGN)).build().meansNow())
                .isTrue();
        assertThat(request(RevocationTarget.session(OURS)).build().meansNow()).isFalse();
        assertThat(request(TOKEN).build().meansNow()).isFalse();
        assertThat(request(RevocationTarget.signingKey("key-1")).build().meansNow())
                .isFalse();
    }

    @Test
    void over_limit_is_the_same_for_a_repeat_of_the_login() {
        StoredSession row = StoredSession.of(ALICE, OURS)
                .authenticatedAt(NOW)
                .createdAt(NOW)
                .ends(NOW.plusSeconds(3_600), Duration.ofHours(1))
                .forgetAfter(NOW.plusSeconds(7_200))
                .build();

        Revocation entry = RevocationRequest.overLimit(row, NOW, SETTINGS);

        assertThat(entry).isEqualTo(RevocationRequest.overLimit(row, NOW, SETTINGS));
        assertThat(entry.target()).isEqualTo(RevocationTarget.session(OURS));
        assertThat(entry.reason()).isEqualTo(RevocationReason.LIMIT_EXCEEDED);
        assertThat(entry.actor()).isEqualTo(Actor.system());
        assertThat(entry.revokedAt()).isEqualTo(NOW);
        assertThat(entry.forgetAfter()).isEqualTo(row.forgetAfter());
    }

    private static RevocationRequest.Builder request(RevocationTarget target) {
        return RevocationRequest.of(target, OPERATION);
    }

    private static Revocation fix(RevocationRequest.Builder request, Instant newest) {
        return request.build().fix(NOW, SETTINGS, newest, Optional.empty());
    }
}
