package dev.curfew.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.session.ForeignSessionId;
import dev.curfew.session.Realm;
import dev.curfew.session.Seeds;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RevocationTest {
    private static final Instant AT = Instant.parse("2026-03-01T10:00:00.123Z");
    private static final Instant END_OF_TIME = Instant.parse("9999-12-31T23:59:59.999Z");
    private static final SubjectId ALICE = new SubjectId(Realm.of("a"), "alice");
    private static final RevocationTarget TARGET = RevocationTarget.subject(ALICE);
    private static final SessionRef SESSION = SessionRef.of(ALICE, Seeds.mint(Seeds.random(1), ALICE, Instant.EPOCH));

    @Test
    void build_rounds_what_covers_up_and_when_it_was_recorded_down() {
        Revocation revocation = Revocation.of(TARGET)
                .issuedBefore(AT.plusNanos(1))
                .revokedAt(AT.plusNanos(999_999))
                .forgetAfter(AT.plusNanos(1))
                .build();

        assertThat(revocation.issuedBefore()).isEqualTo(AT.plusMillis(1));
        assertThat(revocation.revokedAt()).isEqualTo(AT);
        assertThat(revocation.forgetAfter()).isEqualTo(AT.plusMillis(1));
    }

    @Test
    void build_whole_milliseconds_are_kept() {
        Revocation revocation = entry().build();

        assertThat(revocation.issuedBefore()).isEqualTo(AT);
        assertThat(revocation.revokedAt()).isEqualTo(AT);
        assertThat(revocation.forgetAfter()).isEqualTo(AT);
    }

    @Test
    void build_rounds_before_the_epoch_in_the_same_directions() {
        Instant before = Instant.EPOCH.minusNanos(1_500_000);
        Revocation revocation = Revocation.of(TARGET)
                .issuedBefore(before)
                .revokedAt(before)
                .forgetAfter(before)
                .build();

        assertThat(revocation.issuedBefore()).isEqualTo(Instant.EPOCH.minusMillis(1));
        assertThat(revocation.revokedAt()).isEqualTo(Instant.EPOCH.minusMillis(2));
        assertThat(revocation.forgetAfter()).isEqualTo(Instant.EPOCH.minusMillis(1));
    }

    @Test
    void build_without_issued_before_takes_the_instant_it_was_recorded_rounded_up() {
        Revocation revocation =
                Revocation.of(TARGET).revokedAt(AT.plusNanos(1)).forgetAfter(AT).build();

        assertThat(revocation.issuedBefore()).isEqualTo(AT.plusMillis(1));
        assertThat(revocation.revokedAt()).isEqualTo(AT);
    }

    @Test
    void build_beyond_the_end_of_time_is_clamped_to_never() {
        assertThat(Revocation.NEVER).isEqualTo(END_OF_TIME);
        for (Instant beyond : List.of(
                END_OF_TIME, END_OF_TIME.plusNanos(1), Instant.ofEpochSecond(1_000_000_000_000L), Instant.MAX)) {
            Revocation revocation = Revocation.of(TARGET)
                    .issuedBefore(beyond)
                    .revokedAt(AT)
                    .forgetAfter(beyond)
                    .build();
            assertThat(revocation.forgetAfter()).isEqualTo(Revocation.NEVER);
            assertThat(revocation.issuedBefore()).isEqualTo(Revocation.NEVER);
        }
        assertThat(entry().forgetAfter(END_OF_TIME.minusNanos(1)).build().forgetAfter())
                .isEqualTo(END_OF_TIME);
        assertThat(entry().forgetAfter(END_OF_TIME.minusMillis(1)).build().forgetAfter())
                .isEqualTo(END_OF_TIME.minusMillis(1));
    }

    @Test
    void is_forgotten_from_the_very_instant_on() {
        Revocation revocation = entry().build();

        assertThat(revocation.isForgotten(AT.minusNanos(1))).isFalse();
        assertThat(revocation.isForgotten(AT)).isTrue();
        assertThat(revocation.isForgotten(AT.plusMillis(1))).isTrue();
    }

    @Test
    void build_sparing_a_session_is_for_cut_offs_only() {
        TokenFacts token =
                TokenFacts.in(ALICE.realm()).token(TokenId.ofJti("x")).build();

        assertThat(entry().exempt(ExemptSession.of(SESSION)).build().exempt()).contains(ExemptSession.of(SESSION));
        for (RevocationTarget target : List.of(
                RevocationTarget.session(SESSION),
                RevocationTarget.session(SessionRef.of(ALICE, new ForeignSessionId("sid"))),
                RevocationTarget.token(token),
                RevocationTarget.signingKey("k"))) {
            Revocation.Builder builder =
                    Revocation.of(target).revokedAt(AT).forgetAfter(AT).exempt(ExemptSession.of(SESSION));
            assertThatThrownBy(builder::build).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void build_without_its_instants_is_refused_by_name() {
        assertThatThrownBy(() -> Revocation.of(TARGET).forgetAfter(AT).build())
                .isInstanceOf(NullPointerException.class)
                .hasMessage("revokedAt");
        assertThatThrownBy(() -> Revocation.of(TARGET).revokedAt(AT).build())
                .isInstanceOf(NullPointerException.class)
                .hasMessage("forgetAfter");
    }

    @Test
    void revocations_are_equal_by_all_their_parts() {
        Revocation revocation = entry().build();

        assertThat(entry().build()).isEqualTo(revocation).hasSameHashCodeAs(revocation);
        assertThat(List.of(
                        entry().issuedBefore(AT.plusMillis(1)).build(),
                        entry().forgetAfter(AT.plusMillis(1)).build(),
                        entry().issuedBefore(AT).revokedAt(AT.minusMillis(1)).build(),
                        entry().exempt(ExemptSession.of(SESSION)).build(),
                        entry().because(RevocationReason.REPLACED, Actor.system())
                                .build(),
                        entry().because(RevocationReason.POLICY, Actor.user()).build(),
                        Revocation.of(RevocationTarget.realm(ALICE.realm()))
                                .revokedAt(AT)
                                .forgetAfter(AT)
                                .build()))
                .doesNotContain(revocation)
                .doesNotHaveDuplicates();
    }

    @Test
    void exempt_ours_proves_when_it_began_and_foreign_does_not() {
        assertThat(ExemptSession.of(SESSION).began()).contains(Instant.EPOCH);
        assertThat(ExemptSession.of(SessionRef.of(ALICE, new ForeignSessionId("sid")))
                        .began())
                .isEmpty();
        assertThat(ExemptSession.stored(SESSION.key(), Instant.EPOCH)).isEqualTo(ExemptSession.of(SESSION));
    }

    private static Revocation.Builder entry() {
        return Revocation.of(TARGET).issuedBefore(AT).revokedAt(AT).forgetAfter(AT);
    }
}
