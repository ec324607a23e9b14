package dev.curfew.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.curfew.contract.Given;
import dev.curfew.crypto.SecretHash;
import org.junit.jupiter.api.Test;

/** What a walk reads from a row, and what it puts there. */
class PayloadChangeTest {
    private static final byte[] PAYLOAD = {1, 2};
    private static final byte[] CREDENTIAL = {3, 4};
    private static final byte[] NEXT = {5};
    private static final byte[] NEXT_CREDENTIAL = {6};
    private static final byte[] NONE = {};
    private static final StoredSession ROW = Given.session(Given.subject("alice"))
            .secret("secret")
            .credential(CREDENTIAL)
            .payload(PAYLOAD)
            .build()
            .row();
    private static final StoredSession WITHOUT =
            Given.session(Given.subject("alice")).payload(PAYLOAD).build().row();

    @Test
    void a_stored_payload_has_all_of_its_row() {
        StoredPayload stored = StoredPayload.of(ROW);

        assertThat(stored.session()).isEqualTo(ROW.key());
        assertThat(stored.bucket()).isEqualTo(ROW.bucket());
        assertThat(stored.payload()).isEqualTo(PAYLOAD);
        assertThat(stored.secretHash()).contains(SecretHash.of("secret"));
        assertThat(stored.credential()).isEqualTo(CREDENTIAL);
        assertThat(StoredPayload.of(WITHOUT).secretHash()).isEmpty();
        assertThat(StoredPayload.of(WITHOUT).credential()).isEmpty();
    }

    @Test
    void with_credential_adds_to_a_payload_alone() {
        StoredPayload alone = new StoredPayload(ROW.key(), ROW.bucket(), PAYLOAD);
        StoredPayload both = alone.withCredential(SecretHash.of("secret"), CREDENTIAL);

        assertThat(alone.secretHash()).isEmpty();
        assertThat(alone.credential()).isEmpty();
        assertThat(both).usingRecursiveComparison().isEqualTo(StoredPayload.of(ROW));
    }

    @Test
    void bytes_are_copied_in_and_out() {
        byte[] payload = PAYLOAD.clone();
        byte[] credential = CREDENTIAL.clone();
        byte[] next = NEXT.clone();
        byte[] nextCredential = NEXT_CREDENTIAL.clone();
        StoredPayload stored =
                new StoredPayload(ROW.key(), ROW.bucket(), payload).withCredential(SecretHash.of("secret"), credential);
        PayloadChange change = new PayloadChange(stored, next, nextCredential);
        for (byte[] bytes : new byte[][] {
            payload,
            credential,
            next,
            nextCredential,
            stored.payload(),
            stored.credential(),
            change.next(),
            change.nextCredential()
        }) {
            bytes[0] = 99;
        }

        assertThat(stored.payload()).isEqualTo(PAYLOAD);
        assertThat(stored.credential()).isEqualTo(CREDENTIAL);
        assertThat(change.next()).isEqualTo(NEXT);
        assertThat(change.nextCredential()).isEqualTo(NEXT_CREDENTIAL);
    }

    @Test
    void a_change_of_the_payload_alone_leaves_the_credential() {
        PayloadChange change = new PayloadChange(StoredPayload.of(ROW), NEXT);

        assertThat(change.next()).isEqualTo(NEXT);
        assertThat(change.nextCredential()).isEqualTo(CREDENTIAL);
        assertThat(change.expected().credential()).isEqualTo(CREDENTIAL);
    }

    @Test
    void expects_payload_and_credential_as_they_were_read() {
        PayloadChange change = new PayloadChange(StoredPayload.of(ROW), NEXT, NEXT_CREDENTIAL);

        assertThat(change.expects(ROW)).isTrue();
        assertThat(change.expects(ROW.toBuilder().payload(NEXT).build())).isFalse();
        assertThat(change.expects(ROW.toBuilder().credential(NEXT_CREDENTIAL).build()))
                .isFalse();
        assertThat(change.expects(ROW.toBuilder().credential(NONE).build())).isFalse();
    }

    @Test
    void is_done_if_both_stand_there() {
        PayloadChange change = new PayloadChange(StoredPayload.of(ROW), NEXT, NEXT_CREDENTIAL);
        StoredSession payloadOnly = ROW.toBuilder().payload(NEXT).build();

        assertThat(change.isDone(ROW)).isFalse();
        assertThat(change.isDone(payloadOnly)).isFalse();
        assertThat(change.isDone(
                        payloadOnly.toBuilder().credential(NEXT_CREDENTIAL).build()))
                .isTrue();
        assertThat(new PayloadChange(StoredPayload.of(ROW), NEXT).isDone(payloadOnly))
                .isTrue();
    }

    @Test
    void a_credential_is_neither_added_nor_removed_nor_longer_than_255_bytes() {
        StoredPayload with = StoredPayload.of(ROW);
        StoredPayload without = StoredPayload.of(WITHOUT);

        assertThatIllegalArgumentException().isThrownBy(() -> new PayloadChange(with, NEXT, NONE));
        assertThatIllegalArgumentException().isThrownBy(() -> new PayloadChange(without, NEXT, CREDENTIAL));
        assertThatIllegalArgumentException().isThrownBy(() -> new PayloadChange(with, NEXT, new byte[256]));
        assertThat(new PayloadChange(with, NEXT, new byte[255]).nextCredential())
                .hasSize(255);
        assertThat(new PayloadChange(without, NEXT, NONE).nextCredential()).isEmpty();
    }
}
