package dev.curfew.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.curfew.contract.Given;
import dev.curfew.crypto.SecretHash;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RotationTest {
    private static final SecretHash FIRST = SecretHash.of("first");
    private static final SecretHash SECOND = SecretHash.of("second");
    private static final byte[] OLD = {1, 2};
    private static final byte[] NEXT = {3, 4};
    private static final byte[] OTHER = {5};
    private static final byte[] CREDENTIAL = {6, 7};
    private static final StoredSession ROW = Given.session(Given.subject("alice"))
            .secret("first")
            .credential(OTHER)
            .payload(OLD)
            .idle(Duration.ofHours(1))
            .build()
            .row();
    private static final StoredSession WITHOUT_SECRET =
            Given.session(Given.subject("alice")).payload(OLD).build().row();

    @Test
    void of_secret_names_the_secret_and_nothing_else() {
        Rotation rotation = Rotation.ofSecret(FIRST, SECOND, CREDENTIAL);

        assertThat(rotation.expectedSecret()).contains(FIRST);
        assertThat(rotation.nextSecret()).contains(SECOND);
        assertThat(rotation.nextCredential()).contains(CREDENTIAL);
        assertThat(rotation.expectedPayload()).isEmpty();
        assertThat(rotation.nextPayload()).isEmpty();
        assertThat(rotation.lastSeen()).isEmpty();
        assertThat(rotation.leavesNotice()).isFalse();
    }

    @Test
    void of_payload_names_the_payload_and_nothing_else() {
        Rotation rotation = Rotation.ofPayload(OLD, NEXT);

        assertThat(rotation.expectedSecret()).isEmpty();
        assertThat(rotation.nextSecret()).isEmpty();
        assertThat(rotation.nextCredential()).isEmpty();
        assertThat(rotation.expectedPayload()).contains(OLD);
        assertThat(rotation.nextPayload()).contains(NEXT);
        assertThat(rotation.lastSeen()).isEmpty();
        assertThat(rotation.leavesNotice()).isFalse();
    }

    @Test
    void each_change_keeps_what_the_others_have_set() {
        Instant seen = Instant.parse("2036-01-01T00:00:00.123456Z");
        Rotation plain = Rotation.ofSecret(FIRST, SECOND, CREDENTIAL);

        for (Rotation full : new Rotation[] {
            plain.withPayload(OLD, NEXT).seenAt(seen).withNotice(),
            plain.withNotice().seenAt(seen).withPayload(OTHER, OTHER).withPayload(OLD, NEXT),
            plain.seenAt(Instant.EPOCH).withNotice().withPayload(OLD, NEXT).seenAt(seen)
        }) {
            assertThat(full.expectedSecret()).contains(FIRST);
            assertThat(full.nextSecret()).contains(SECOND);
            assertThat(full.nextCredential()).contains(CREDENTIAL);
            assertThat(full.expectedPayload()).contains(OLD);
            assertThat(full.nextPayload()).contains(NEXT);
            assertThat(full.lastSeen()).contains(Instant.parse("2036-01-01T00:00:00.123Z"));
            assertThat(full.leavesNotice()).isTrue();
        }
        assertThat(plain.leavesNotice()).isFalse();
        assertThat(plain.lastSeen()).isEmpty();
        assertThat(plain.nextPayload()).isEmpty();
    }

    @Test
    void bytes_are_copied_in_and_out() {
        byte[] credential = CREDENTIAL.clone();
        byte[] expected = OLD.clone();
        byte[] next = NEXT.clone();
        Rotation rotation = Rotation.ofSecret(FIRST, SECOND, credential).withPayload(expected, next);
        for (byte[] in : new byte[][] {credential, expected, next}) {
            in[0] = 99;
        }
        for (Optional<byte[]> out :
                List.of(rotation.nextCredential(), rotation.expectedPayload(), rotation.nextPayload())) {
            out.orElseThrow()[0] = 99;
        }

        assertThat(rotation.nextCredential()).contains(CREDENTIAL);
        assertThat(rotation.expectedPayload()).contains(OLD);
        assertThat(rotation.nextPayload()).contains(NEXT);
        StoredSession after = rotation.applyTo(ROW);
        after.credential()[0] = 99;
        assertThat(rotation.nextCredential()).contains(CREDENTIAL);
    }

    @Test
    void the_same_secret_and_a_credential_of_more_than_255_bytes_are_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Rotation.ofSecret(FIRST, SecretHash.of("first"), CREDENTIAL))
                .withMessage("the next secret must be another one");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Rotation.ofSecret(FIRST, SECOND, new byte[256]))
                .withMessage("a credential has at most 255 bytes, not 256");
        assertThat(Rotation.ofSecret(FIRST, SECOND, new byte[255]).nextCredential())
                .contains(new byte[255]);
    }

    @Test
    void expects_each_part_that_it_exchanges_and_no_other() {
        Rotation secret = Rotation.ofSecret(FIRST, SECOND, CREDENTIAL);
        Rotation payload = Rotation.ofPayload(OLD, NEXT);
        Rotation both = secret.withPayload(OLD, NEXT);
        StoredSession otherSecret = ROW.toBuilder().secretHash(SECOND).build();
        StoredSession otherPayload = ROW.toBuilder().payload(OTHER).build();
        StoredSession otherCredential = ROW.toBuilder().credential(CREDENTIAL).build();

        assertThat(secret.expects(ROW)).isTrue();
        assertThat(secret.expects(otherPayload)).isTrue();
        assertThat(secret.expects(otherCredential)).isTrue();
        assertThat(secret.expects(otherSecret)).isFalse();
        assertThat(secret.expects(WITHOUT_SECRET)).isFalse();

        assertThat(payload.expects(ROW)).isTrue();
        assertThat(payload.expects(WITHOUT_SECRET)).isTrue();
        assertThat(payload.expects(otherSecret)).isTrue();
        assertThat(payload.expects(otherPayload)).isFalse();

        assertThat(both.expects(ROW)).isTrue();
        assertThat(both.expects(otherSecret)).isFalse();
        assertThat(both.expects(otherPayload)).isFalse();
        assertThat(both.expects(WITHOUT_SECRET)).isFalse();
    }

    @Test
    void is_done_by_the_next_secret_whatever_else_stands_there() {
        Rotation both = Rotation.ofSecret(FIRST, SECOND, CREDENTIAL).withPayload(OLD, NEXT);

        assertThat(both.isDone(ROW)).isFalse();
        assertThat(both.isDone(both.applyTo(ROW))).isTrue();
        assertThat(both.isDone(ROW.toBuilder().secretHash(SECOND).build())).isTrue();
        assertThat(both.isDone(ROW.toBuilder().payload(NEXT).build())).isFalse();
        assertThat(both.isDone(WITHOUT_SECRET.toBuilder().payload(NEXT).build()))
                .isFalse();
    }

    @Test
    void is_done_by_the_next_payload_if_the_secret_is_not_exchanged() {
        Rotation payload = Rotation.ofPayload(OLD, NEXT);

        assertThat(payload.isDone(ROW)).isFalse();
        assertThat(payload.isDone(ROW.toBuilder().payload(NEXT).build())).isTrue();
        assertThat(payload.isDone(WITHOUT_SECRET.toBuilder().payload(NEXT).build()))
                .isTrue();
    }

    @Test
    void apply_to_changes_what_is_exchanged_and_keeps_the_rest() {
        StoredSession secret = Rotation.ofSecret(FIRST, SECOND, CREDENTIAL).applyTo(ROW);
        assertThat(secret.isSameAs(ROW.toBuilder()
                        .secretHash(SECOND)
                        .credential(CREDENTIAL)
                        .build()))
                .isTrue();

        StoredSession payload = Rotation.ofPayload(OLD, NEXT).applyTo(ROW);
        assertThat(payload.isSameAs(ROW.toBuilder().payload(NEXT).build())).isTrue();

        assertThat(Rotation.ofSecret(FIRST, SECOND, new byte[0]).applyTo(ROW).credential())
                .isEmpty();
    }

    @Test
    void apply_to_moves_the_last_sign_of_life_and_the_idle_end_forwards_only() {
        Rotation rotation = Rotation.ofPayload(OLD, NEXT);
        Instant last = ROW.lastSeenAt();

        StoredSession moved = rotation.seenAt(last.plusMillis(1)).applyTo(ROW);
        assertThat(moved.lastSeenAt()).isEqualTo(last.plusMillis(1));
        assertThat(moved.endsByTime()).isEqualTo(ROW.endsByTime().plusMillis(1));
        assertThat(moved.expiresAt()).isEqualTo(ROW.expiresAt());
        for (Instant seen : new Instant[] {last, last.plusNanos(999_999), last.minusMillis(1), Instant.EPOCH}) {
            assertThat(rotation.seenAt(seen).applyTo(ROW).lastSeenAt()).isEqualTo(last);
        }
    }
}
