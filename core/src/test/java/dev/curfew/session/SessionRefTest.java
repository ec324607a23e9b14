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
    void of_oursAndItsSubject_hasTheBucketOfBoth() {
        assertThat(SessionRef.of(ALICE, OURS)).isEqualTo(SessionRef.of(REALM, OURS));
        assertThat(SessionRef.of(ALICE, OURS).bucket()).isEqualTo(ALICE.key().bucket());
    }

    @Test
    void of_oursAndASubjectOfAnotherBucket_isRefused() {
        assertThat(BOB.key().bucket()).isNotEqualTo(ALICE.key().bucket());

        assertThatThrownBy(() -> SessionRef.of(BOB, OURS))
                .isInstanceOf(InvalidIdentifierException.class)
                .message()
                .doesNotContain(OURS.value(), "bob");
    }

    @Test
    void of_oursAndTheSameNameInAnotherRealm_isRefused() {
        assertThatThrownBy(() -> SessionRef.of(new SubjectId(Realm.of("other"), "alice"), OURS))
                .isInstanceOf(InvalidIdentifierException.class);
    }

    @Test
    void of_foreign_hasTheBucketOfTheSubject() {
        assertThat(SessionRef.of(BOB, FOREIGN).bucket()).isEqualTo(BOB.key().bucket());
        assertThat(SessionRef.of(BOB, FOREIGN).isForeign()).isTrue();
        assertThat(SessionRef.of(ALICE, OURS).isForeign()).isFalse();
    }

    @Test
    void key_ofAForeignSession_doesNotDependOnTheBucket() {
        assertThat(SessionRef.of(BOB, FOREIGN).key())
                .isEqualTo(SessionRef.of(ALICE, FOREIGN).key())
                .isEqualTo(new SessionRef(REALM, FOREIGN, SessionRef.UNROUTED).key());
    }

    @Test
    void key_ofTheSameText_isNotSharedByOursAndForeign() {
        ForeignSessionId sameText = new ForeignSessionId(OURS.value());

        assertThat(SessionRef.of(ALICE, sameText).key())
                .isNotEqualTo(SessionRef.of(ALICE, OURS).key());
    }

    @Test
    void key_inAnotherRealm_isAnotherKey() {
        assertThat(SessionRef.of(Realm.of("other"), OURS).key())
                .isNotEqualTo(SessionRef.of(REALM, OURS).key());
    }

    @Test
    void bucket_isMinusOneTo4095() {
        assertThat(new SessionRef(REALM, FOREIGN, 4095).bucket()).isEqualTo(4095);
        assertThatThrownBy(() -> new SessionRef(REALM, FOREIGN, 4096)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new SessionRef(REALM, FOREIGN, -2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new SessionRef(REALM, OURS, SessionRef.UNROUTED))
                .isInstanceOf(InvalidIdentifierException.class);
    }
}
