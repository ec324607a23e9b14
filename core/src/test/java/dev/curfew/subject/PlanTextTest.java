package dev.curfew.subject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.curfew.revocation.Actor;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.Realm;
import dev.curfew.session.SubjectId;
import dev.curfew.store.OperationId;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plans and erasures as texts, to go on with after a crash. */
class PlanTextTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.123456789Z");
    private static final SubjectId ALICE = new SubjectId(Realm.of("shop"), "alice@example.org");
    private static final OperationId NAME = new OperationId(-1, 2);
    private static final Actor ADMIN = Actor.admin("shop:admin:7");

    private final BulkPlan plan =
            BulkPlan.begin(NAME, RevocationReason.CREDENTIAL_CHANGED, ADMIN, NOW, Duration.ofSeconds(2));
    private final ErasureCursor erasure = new ErasureCursor(
            NAME,
            Revocation.of(RevocationTarget.subject(ALICE))
                    .because(RevocationReason.ACCOUNT_DISABLED, ADMIN)
                    .issuedBefore(NOW.plusSeconds(2))
                    .revokedAt(NOW)
                    .forgetAfter(NOW.plus(Duration.ofDays(100)))
                    .build());

    @Test
    void a_plan_is_read_back_as_it_was() {
        assertThat(BulkPlan.parse(plan.toString())).contains(plan);
        assertThat(plan.issuedBefore()).isEqualTo(Instant.parse("2026-03-01T12:00:05.123Z"));
    }

    @Test
    void an_erasure_is_read_back_as_it_was_and_names_nobody() {
        assertThat(ErasureCursor.parse(erasure.toString())).contains(erasure);
        assertThat(erasure.toString()).doesNotContain("alice").doesNotContain("example");
    }

    @Test
    void an_actor_without_a_reference_is_read_back_too() {
        BulkPlan bySystem = BulkPlan.begin(NAME, RevocationReason.POLICY, Actor.system(), NOW, Duration.ofSeconds(2));

        assertThat(BulkPlan.parse(bySystem.toString())).contains(bySystem);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "bulk1",
                "bulk2:00000000000000010000000000000002:1:2:3:2:a",
                "bulk1:00000000000000010000000000000002:1:2:3:2",
                "bulk1:0000000000000001:1:2:3:2:a",
                "bulk1:zz000000000000010000000000000002:1:2:3:2:a",
                "bulk1:00000000000000010000000000000002:x:2:3:2:a",
                "bulk1:00000000000000010000000000000002:9:2:3:2:a",
                "bulk1:00000000000000010000000000000002:1:2:99:2:a",
                "bulk1:00000000000000010000000000000002:1:2:3:9:a",
                "bulk1:00000000000000010000000000000002:1:2:3:2:a b",
            })
    void what_is_no_plan_is_nothing(String text) {
        assertThat(BulkPlan.parse(text)).isEmpty();
    }

    @Test
    void damaged_texts_of_an_erasure_are_nothing_and_never_throw() {
        String text = erasure.toString();
        for (int i = 0; i < text.length(); i++) {
            assertThat(ErasureCursor.parse(text.substring(0, i)).filter(erasure::equals))
                    .isEmpty();
            ErasureCursor.parse(text.substring(0, i) + "~" + text.substring(i + 1));
            ErasureCursor.parse(text.substring(0, i) + ":" + text.substring(i));
        }
        assertThat(ErasureCursor.parse(text + "x".repeat(1_000))).isEmpty();
        assertThat(ErasureCursor.parse(plan.toString())).isEmpty();
    }

    @Test
    void an_erasure_is_of_a_subject_and_a_bulk_covers_what_began_before_it() {
        Revocation ofRealm = Revocation.of(RevocationTarget.realm(Realm.of("shop")))
                .because(RevocationReason.POLICY, ADMIN)
                .issuedBefore(NOW)
                .revokedAt(NOW)
                .forgetAfter(NOW)
                .build();

        assertThatIllegalArgumentException().isThrownBy(() -> new ErasureCursor(NAME, ofRealm));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BulkPlan(NAME, RevocationReason.POLICY, ADMIN, NOW, NOW.minusSeconds(1)));
    }
}
