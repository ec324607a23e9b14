package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.curfew.crypto.SecretHash;
import dev.curfew.session.SessionLimit;
import dev.curfew.store.FoundSession;
import dev.curfew.store.InsertResult;
import dev.curfew.store.ListQuery;
import dev.curfew.store.PayloadChange;
import dev.curfew.store.PayloadCursor;
import dev.curfew.store.PayloadPage;
import dev.curfew.store.PayloadRewriting;
import dev.curfew.store.RotateResult;
import dev.curfew.store.Rotation;
import dev.curfew.store.StoredPayload;
import dev.curfew.store.StoredSession;
import dev.curfew.store.Touch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What core keeps beside a secret: bytes that a store brings back as they were given, and never looks into. */
@Tag("Credentials")
abstract class CredentialContract extends StoreContract {
    private static final byte[] OLD = {9, 0, -1, 10, 13, 34, 39, 92};
    private static final byte[] NEXT = {4, 4, 4};
    private static final byte[] PAYLOAD = {1, 2, 3};

    CredentialContract(Supplier<? extends StoreFixture> fixtures) {
        super(fixtures);
    }

    @Test
    void a_find_and_a_list_answer_the_credential_that_was_stored() {
        GivenSession ours = insert(session(alice).secret("one").credential(OLD).build());
        GivenSession foreign = insert(session(alice)
                .foreign("sid-1")
                .client(Given.client("web"))
                .secret("two")
                .credential(NEXT)
                .build());
        GivenSession without = insert(session(alice).secret("three").build());

        for (GivenSession session : List.of(ours, foreign, without)) {
            InsertContract.assertSameRow(standing(session), session.row());
            FoundSession listed = pages(alice, ListQuery.live(10)).stream()
                    .filter(found -> found.session().key().equals(session.row().key()))
                    .findFirst()
                    .orElseThrow();
            InsertContract.assertSameRow(listed.session(), session.row());
        }
    }

    @Test
    void a_credential_of_255_bytes_comes_back_and_one_of_256_is_refused() {
        byte[] longest = new byte[StoredSession.MAX_CREDENTIAL];
        Arrays.fill(longest, (byte) 'x');
        byte[] tooLong = new byte[StoredSession.MAX_CREDENTIAL + 1];
        GivenSession session =
                insert(session(alice).secret("0").credential(longest).build());

        InsertContract.assertSameRow(standing(session), session.row());
        assertThat(rotate(session, 0, longest)).isEqualTo(new RotateResult.Rotated());
        assertThat(standing(session).credential()).isEqualTo(longest);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> session(alice).secret("0").credential(tooLong).build());
        assertThatIllegalArgumentException().isThrownBy(() -> rotate(session, 1, tooLong));
        StoredPayload standing = StoredPayload.of(standing(session));
        assertThatIllegalArgumentException().isThrownBy(() -> new PayloadChange(standing, PAYLOAD, tooLong));
    }

    @Test
    void zero_bytes_ff_bytes_and_every_byte_value_in_a_credential_come_back_alike() {
        List<byte[]> credentials = new ArrayList<>();
        byte[] rising = new byte[StoredSession.MAX_CREDENTIAL];
        byte[] falling = new byte[StoredSession.MAX_CREDENTIAL];
        byte[] full = new byte[StoredSession.MAX_CREDENTIAL];
        for (int i = 0; i < StoredSession.MAX_CREDENTIAL; i++) {
            rising[i] = (byte) i;
            falling[i] = (byte) (StoredSession.MAX_CREDENTIAL - i);
            full[i] = (byte) 0xFF;
        }
        credentials.addAll(List.of(rising, falling, full, new byte[StoredSession.MAX_CREDENTIAL], new byte[0]));
        for (int value = 0; value <= 0xFF; value++) {
            credentials.add(new byte[] {(byte) value});
        }
        credentials.addAll(List.of(new byte[] {0, 0}, new byte[] {0, 1}, new byte[] {1, 0}, new byte[] {-1, 0}));
        for (byte[] credential : List.of(rising, falling, full, new byte[StoredSession.MAX_CREDENTIAL])) {
            GivenSession inserted =
                    insert(session(bob).secret("0").credential(credential).build());
            InsertContract.assertSameRow(standing(inserted), inserted.row());
        }

        GivenSession session = insert(session(alice).secret("0").build());
        for (int i = 0; i < credentials.size(); i++) {
            assertThat(rotate(session, i, credentials.get(i))).isEqualTo(new RotateResult.Rotated());

            InsertContract.assertSameRow(
                    standing(session),
                    session.row().toBuilder()
                            .secretHash(SecretHash.of(String.valueOf(i + 1)))
                            .credential(credentials.get(i))
                            .build());
        }
    }

    @Test
    void a_touch_leaves_the_credential_alone() {
        GivenSession session =
                insert(session(alice).secret("one").credential(OLD).build());
        clock.advance(Duration.ofMinutes(1));
        Touch touch = new Touch(session.ref(), now());

        assertThat(store().touch(List.of(touch), now())).containsExactly(touch);

        InsertContract.assertSameRow(
                standing(session), session.row().toBuilder().lastSeenAt(now()).build());
    }

    @Test
    void another_credential_of_the_same_id_is_known_and_not_a_repeat() {
        GivenSession session =
                insert(session(alice).secret("one").credential(OLD).build());
        GivenSession other = session(alice)
                .id(session.row().id().orElseThrow())
                .secret("one")
                .credential(NEXT)
                .build();

        assertThat(insert(other, SessionLimit.unlimited())).isEqualTo(new InsertResult.AlreadyKnown());
        assertThat(insert(session, SessionLimit.unlimited())).isEqualTo(new InsertResult.Inserted(List.of()));

        InsertContract.assertSameRow(standing(session), session.row());
    }

    @Test
    void a_foreign_session_that_took_the_place_of_an_ended_one_keeps_nothing_of_its_credential() {
        GivenSession first = insert(
                session(alice).foreign("sid-1").secret("one").credential(OLD).build());
        revoke(first.target());
        clock.advance(Duration.ofMinutes(1));

        GivenSession second = insert(session(alice).foreign("sid-1").build());

        InsertContract.assertSameRow(standing(second), second.row());
    }

    @Test
    void a_walk_with_a_new_key_rewrites_credentials_too() {
        GivenSession with = insert(session(alice).secret("one").credential(OLD).build());
        GivenSession without = insert(session(bob).secret("two").build());
        GivenSession ended = insert(session(Given.subject("carol"))
                .foreign("sid-1")
                .secret("three")
                .credential(OLD)
                .build());
        revoke(ended.target());
        List<StoredPayload> met = walk();
        assertThat(met).hasSize(3).allSatisfy(one -> {
            StoredSession row = List.of(with, without, ended).stream()
                    .map(GivenSession::row)
                    .filter(candidate -> candidate.key().equals(one.session()))
                    .findFirst()
                    .orElseThrow();
            assertThat(one.payload()).isEqualTo(row.payload());
            assertThat(one.credential()).isEqualTo(row.credential());
            assertThat(one.secretHash()).isEqualTo(row.secretHash());
        });

        List<PayloadChange> changes = met.stream()
                .map(one -> new PayloadChange(one, new byte[] {7}, one.credential().length == 0 ? new byte[0] : NEXT))
                .toList();
        assertThat(rewriting().replace(changes, now())).isEqualTo(3);
        assertThat(rewriting().replace(changes, now())).isEqualTo(3);

        for (GivenSession session : List.of(with, without, ended)) {
            StoredSession.Builder next = session.row().toBuilder().payload(new byte[] {7});
            if (session.row().credential().length > 0) {
                next.credential(NEXT);
            }
            InsertContract.assertSameRow(standing(session), next.build());
        }
        assertThat(isLive(ended)).isFalse();
    }

    @Test
    void a_credential_that_was_rotated_meanwhile_keeps_its_new_content() {
        GivenSession session =
                insert(session(alice).secret("one").credential(OLD).build());
        StoredPayload met = walk().get(0);
        assertThat(store().rotate(session.ref(), Given.exchange("one", "two"), now()))
                .isEqualTo(new RotateResult.Rotated());
        StoredSession rotated = standing(session);

        assertThat(rewriting().replace(List.of(new PayloadChange(met, new byte[] {7}, NEXT)), now()))
                .isZero();
        assertThat(rewriting().replace(List.of(new PayloadChange(met, new byte[] {7})), now()))
                .isZero();

        InsertContract.assertSameRow(standing(session), rotated);
    }

    @Test
    void of_a_payload_and_a_credential_that_are_rewritten_both_must_stand() {
        GivenSession session =
                insert(session(alice).secret("one").credential(OLD).build());
        SecretHash secret = SecretHash.of("one");
        StoredPayload place =
                new StoredPayload(session.row().key(), session.row().bucket(), PAYLOAD);
        StoredPayload other =
                new StoredPayload(session.row().key(), session.row().bucket(), new byte[] {5});

        for (PayloadChange change : List.of(
                new PayloadChange(other.withCredential(secret, OLD), new byte[] {7}, NEXT),
                new PayloadChange(place.withCredential(secret, NEXT), new byte[] {7}, OLD),
                new PayloadChange(place, new byte[] {7}))) {
            assertThat(rewriting().replace(List.of(change), now())).isZero();
        }
        InsertContract.assertSameRow(standing(session), session.row());

        PayloadChange right = new PayloadChange(place.withCredential(secret, OLD), new byte[] {7}, NEXT);
        assertThat(rewriting().replace(List.of(right), now())).isEqualTo(1);
        InsertContract.assertSameRow(
                standing(session),
                session.row().toBuilder()
                        .payload(new byte[] {7})
                        .credential(NEXT)
                        .build());
    }

    private PayloadRewriting rewriting() {
        needs(StoreCapability.PAYLOAD_REWRITING);
        return store().ability(PayloadRewriting.class).orElseThrow();
    }

    private List<StoredPayload> walk() {
        PayloadPage page = rewriting().payloads(PayloadCursor.start(), 10, now());
        assertThat(page.next()).isEmpty();
        return page.payloads();
    }

    /** Exchanges the secret that the number names for the next one. */
    private RotateResult rotate(GivenSession session, int generation, byte[] credential) {
        SecretHash expected = SecretHash.of(String.valueOf(generation));
        SecretHash next = SecretHash.of(String.valueOf(generation + 1));
        return store().rotate(session.ref(), Rotation.ofSecret(expected, next, credential), now());
    }
}
