package dev.curfew.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class SessionRefTest {
    private static final Realm REALM = Realm.of("tenant");
    private static final SubjectId ALICE = new SubjectId(REALM, "alice");
    private static final SubjectId BOB = new SubjectId(REALM, "bob");
    private static final SessionId OURS = Seeds.mint(Seeds.random(1), ALICE, Instant.EPOCH.plusMillis(5));
    private static final ForeignSessionId FOREIGN = new ForeignSessionId("sid-1");

    @Test
    void of_ours_and_its_subject_has_the_bucket_of_both() {
        assertThat(SessionRef.of(ALICE, OURS)).isEqualTo(SessionRef.of(REALM, OURS));
        assertThat(SessionRef.of(ALICE, OURS).bucket()).isEqualTo(ALICE.key().bucket());
    }

    @Test
    void of_ours_and_a_subject_of_another_bucket_is_refused() {
        assertThat(BOB.key().bucket()).isNotEqualTo(ALICE.key().bucket());

        assertThatThrownBy(() -> SessionRef.of(BOB, OURS))
                .isInstanceOf(InvalidIdentifierException.class)
                .message()
                .doesNotContain(OURS.value(), "bob");
    }

    @Test
    void of_ours_and_the_same_name_in_another_realm_is_refused() {
        assertThatThrownBy(() -> SessionRef.of(new SubjectId(Realm.of("other"), "alice"), OURS))
                .isInstanceOf(InvalidIdentifierException.class);
    }

    @Test
    void of_foreign_has_the_bucket_of_the_subject() {
        assertThat(SessionRef.of(BOB, FOREIGN).bucket()).isEqualTo(BOB.key().bucket());
        assertThat(SessionRef.of(BOB, FOREIGN).isForeign()).isTrue();
        assertThat(SessionRef.of(ALICE, OURS).isForeign()).isFalse();
    }

    @Test
    void key_of_a_foreign_session_does_not_depend_on_the_bucket() {
        assertThat(SessionRef.of(BOB, FOREIGN).key())
                .isEqualTo(SessionRef.of(ALICE, FOREIGN).key())
                .isEqualTo(new SessionRef(REALM, FOREIGN, SessionRef.UNROUTED).key());
    }

    @Test
    void key_of_the_same_text_is_not_shared_by_ours_and_foreign() {
        ForeignSessionId sameText = new ForeignSessionId(OURS.value());

        assertThat(SessionRef.of(ALICE, sameText).key())
                .isNotEqualTo(SessionRef.of(ALICE, OURS).key());
    }

    @Test
    void key_in_another_realm_is_another_key() {
        assertThat(SessionRef.of(Realm.of("other"), OURS).key())
                .isNotEqualTo(SessionRef.of(REALM, OURS).key());
    }

    @Test
    void bucket_is_minus_one_to_4095() {
        assertThat(new SessionRef(REALM, FOREIGN, 4095).bucket()).isEqualTo(4095);
        assertThatThrownBy(() -> new SessionRef(REALM, FOREIGN, 4096)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new SessionRef(REALM, FOREIGN, -2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new SessionRef(REALM, OURS, SessionRef.UNROUTED))
                .isInstanceOf(InvalidIdentifierException.class);
    }
}
