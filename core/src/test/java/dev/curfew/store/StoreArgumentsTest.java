package dev.curfew.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.curfew.contract.Given;
import dev.curfew.contract.GivenSession;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import java.util.List;
import org.junit.jupiter.api.Test;

class StoreArgumentsTest {
    private static final GivenSession OURS =
            Given.session(Given.subject("alice")).build();
    private static final GivenSession FOREIGN =
            Given.session(Given.subject("alice")).foreign("sid-1").build();
    private static final RevocationTarget BIRTH = RevocationTarget.birth(0, 1);

    @Test
    void a_limit_is_positive() {
        assertThat(StoreArguments.requireLimit(1)).isEqualTo(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StoreArguments.requireLimit(0))
                .withMessage("limit must be positive");
    }

    @Test
    void the_limit_of_a_page_has_a_maximum() {
        assertThat(StoreArguments.requireLimit(1, 10)).isEqualTo(1);
        assertThat(StoreArguments.requireLimit(10, 10)).isEqualTo(10);
        for (int limit : new int[] {0, 11}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> StoreArguments.requireLimit(limit, 10))
                    .withMessage("limit must be 1 to 10");
        }
    }

    @Test
    void a_birth_is_neither_revoked_nor_recorded() {
        Revocation birth = RevocationRequest.birth(0, 1, Given.NOW, Given.SETTINGS);

        assertThatIllegalArgumentException().isThrownBy(() -> StoreArguments.requireNoBirth(BIRTH));
        assertThatIllegalArgumentException().isThrownBy(() -> StoreArguments.requireNoBirth(List.of(birth)));
        assertThatNoException().isThrownBy(() -> StoreArguments.requireNoBirth(OURS.target()));
    }

    @Test
    void sessions_are_asked_for_by_a_session_or_a_subject() {
        for (RevocationTarget target :
                List.of(OURS.target(), FOREIGN.target(), RevocationTarget.subject(Given.subject("alice")))) {
            assertThatNoException().isThrownBy(() -> StoreArguments.requireNamesSessions(target));
        }
        for (RevocationTarget target : List.of(
                Given.tokenTarget(Given.subject("alice"), "jti-1"),
                RevocationTarget.client(Given.client("web")),
                RevocationTarget.realm(Given.REALM),
                RevocationTarget.signingKey("key-1"),
                BIRTH)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> StoreArguments.requireNamesSessions(target))
                    .withMessageContaining(target.kind().name());
        }
    }
}
