package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.curfew.crypto.SecretHash;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.LookupKey;
import dev.curfew.store.PayloadChange;
import dev.curfew.store.PayloadCursor;
import dev.curfew.store.PayloadPage;
import dev.curfew.store.PayloadRewriting;
import dev.curfew.store.RotateResult;
import dev.curfew.store.Rotation;
import dev.curfew.store.StoredPayload;
import dev.curfew.store.StoredSession;
import dev.curfew.store.Touch;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Walking through all payloads and putting others in their place, by stores that can. */
@Tag("RewritingPayloads")
abstract class PayloadRewritingContract extends StoreContract {
    private static final byte[] NEXT = "the next payload".getBytes(StandardCharsets.UTF_8);
    private static final int NODES = 4;

    PayloadRewritingContract(Supplier<? extends StoreFixture> fixtures) {
        super(fixtures);
    }

    @BeforeEach
    void needsTheAbility() {
        needs(StoreCapability.PAYLOAD_REWRITING);
    }

    private PayloadRewriting rewriting() {
        return store().ability(PayloadRewriting.class).orElseThrow();
    }

    private List<StoredPayload> walk(int limit) {
        List<StoredPayload> all = new ArrayList<>();
        Optional<PayloadCursor> place = Optional.of(PayloadCursor.start());
        while (place.isPresent()) {
            PayloadPage page = rewriting().payloads(place.get(), limit, now());
            assertThat(page.payloads()).hasSizeLessThanOrEqualTo(limit);
            all.addAll(page.payloads());
            place = page.next();
        }
        return all;
    }

    private StoredPayload payloadOf(GivenSession session) {
        return new StoredPayload(
                session.row().key(), session.row().bucket(), session.row().payload());
    }

    private int replace(GivenSession session, byte[] next) {
        return rewriting().replace(List.of(new PayloadChange(payloadOf(session), next)), now());
    }

    private StoredSession rowOf(GivenSession session) {
        return find(session).orElseThrow().session();
    }

    private GivenSession inserted(String subject, byte[] payload) {
        return insert(session(Given.subject(subject)).payload(payload).build());
    }

    @Test
    void of_an_empty_store_the_walk_is_over_at_once() {
        PayloadPage page = rewriting().payloads(PayloadCursor.start(), 10, now());

        assertThat(page.payloads()).isEmpty();
        assertThat(page.next()).isEmpty();
    }

    @Test
    void a_walk_meets_each_row_once_with_its_payload_whatever_the_size_of_its_pages() {
        List<GivenSession> sessions = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            // Some subjects have several sessions, which lie together in some stores.
            sessions.add(inserted("subject-" + i % 10, new byte[] {1, (byte) i}));
        }
        sessions.add(
                insert(session(alice).foreign("idp-1").payload(new byte[] {7}).build()));
        LookupKey[] keys = keys(sessions.toArray(GivenSession[]::new));

        for (int limit : new int[] {1, 2, 7, 26, 27, PayloadRewriting.MAX_LIMIT}) {
            List<StoredPayload> met = walk(limit);
            assertThat(met).extracting(StoredPayload::session).containsExactlyInAnyOrder(keys);
            assertThat(met).allSatisfy(payload -> {
                GivenSession session = sessions.stream()
                        .filter(one -> one.row().key().equals(payload.session()))
                        .findFirst()
                        .orElseThrow();
                assertThat(payload.payload()).isEqualTo(session.row().payload());
                assertThat(payload.bucket()).isEqualTo(session.row().bucket());
            });
        }
    }

    @Test
    void a_walk_meets_ended_sessions_too() {
        GivenSession revoked = loggedIn(alice);
        revoke(revoked.target());
        GivenSession expired = insert(session(bob).lasting(Duration.ofHours(1)).build());
        clock.advance(Duration.ofHours(1));

        assertThat(walk(10)).extracting(StoredPayload::session).containsExactlyInAnyOrder(keys(revoked, expired));
    }

    @Test
    void a_limit_out_of_range_and_a_cursor_of_another_store_are_refused() {
        for (int limit : new int[] {-1, 0, PayloadRewriting.MAX_LIMIT + 1}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> rewriting().payloads(PayloadCursor.start(), limit, now()));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> rewriting().payloads(new PayloadCursor("' OR 1=1"), 10, now()));
    }

    @Test
    void a_payload_is_replaced_and_nothing_else_of_its_row() {
        GivenSession session = insert(session(alice)
                .client(Given.client("web"))
                .secret("secret")
                .stored(now().plusSeconds(1))
                .build());

        assertThat(replace(session, NEXT)).isEqualTo(1);

        StoredSession row = rowOf(session);
        assertThat(row.payload()).isEqualTo(NEXT);
        assertThat(row).usingRecursiveComparison().ignoringFields("payload").isEqualTo(session.row());
        assertThat(live(alice)).containsExactly(session.row().key());
    }

    @Test
    void rows_of_every_shape_keep_what_is_theirs() {
        byte[] longer = new byte[2_000];
        Arrays.fill(longer, (byte) 0xA5);
        List<GivenSession> shapes = List.of(
                insert(session(alice).build()),
                insert(session(alice).client(Given.client("web")).build()),
                insert(session(alice).secret("secret").build()),
                insert(session(alice).foreign("idp-1").build()),
                insert(session(alice)
                        .foreign("idp-2")
                        .client(Given.client("web"))
                        .build()),
                insert(session(alice)
                        .foreign("idp-3")
                        .client(Given.client("web"))
                        .secret("secret")
                        .build()));
        for (byte[] next : List.of(longer, new byte[] {9})) {
            List<PayloadChange> batch = walk(10).stream()
                    .map(payload -> new PayloadChange(payload, next))
                    .toList();

            assertThat(rewriting().replace(batch, now())).isEqualTo(shapes.size());

            assertThat(shapes).allSatisfy(session -> {
                StoredSession row = rowOf(session);
                assertThat(row.payload()).isEqualTo(next);
                assertThat(row)
                        .usingRecursiveComparison()
                        .ignoringFields("payload")
                        .isEqualTo(session.row());
            });
        }
    }

    @Test
    void a_payload_that_is_another_one_now_is_left_alone_and_the_rest_of_the_batch_is_replaced() {
        GivenSession overtaken = inserted("alice", new byte[] {1, 1});
        GivenSession other = inserted("bob", new byte[] {1, 2});
        replace(overtaken, new byte[] {1, 3});

        int replaced = rewriting()
                .replace(
                        List.of(
                                new PayloadChange(payloadOf(overtaken), NEXT),
                                new PayloadChange(payloadOf(other), NEXT)),
                        now());

        assertThat(replaced).isEqualTo(1);
        assertThat(rowOf(overtaken).payload()).containsExactly(1, 3);
        assertThat(rowOf(other).payload()).isEqualTo(NEXT);
    }

    @Test
    void a_row_that_was_purged_does_not_come_back() {
        GivenSession session =
                insert(session(alice).lasting(Duration.ofHours(1)).build());
        StoredPayload before = walk(10).get(0);
        clock.advance(Duration.ofDays(40));
        store().purge(now(), 100);
        assertThat(find(session)).isEmpty();

        assertThat(rewriting().replace(List.of(new PayloadChange(before, NEXT)), now()))
                .isZero();

        assertThat(find(session)).isEmpty();
        assertThat(walk(10)).isEmpty();
    }

    @Test
    void a_foreign_session_that_took_the_place_of_an_ended_one_keeps_its_own_payload() {
        GivenSession first =
                insert(session(alice).foreign("idp-1").payload(new byte[] {1}).build());
        revoke(first.target());
        clock.advance(Duration.ofMinutes(1));
        GivenSession second =
                insert(session(alice).foreign("idp-1").payload(new byte[] {2}).build());

        assertThat(replace(first, NEXT)).isZero();

        assertThat(rowOf(second).payload()).containsExactly(2);
    }

    @Test
    void signs_of_life_and_new_secrets_of_between_are_kept() {
        GivenSession session = insert(session(alice).secret("one").build());
        StoredPayload read = walk(10).get(0);
        clock.advance(Duration.ofMinutes(5));
        store().touch(List.of(new Touch(session.ref(), now())), now());
        assertThat(store().rotate(
                                session.ref(),
                                Rotation.ofSecret(SecretHash.of("one"), SecretHash.of("two"), new byte[0]),
                                now()))
                .isEqualTo(new RotateResult.Rotated());

        assertThat(rewriting().replace(List.of(new PayloadChange(read, NEXT)), now()))
                .isEqualTo(1);

        StoredSession row = rowOf(session);
        assertThat(row.lastSeenAt()).isEqualTo(now());
        assertThat(row.secretHash()).contains(SecretHash.of("two"));
        assertThat(row.payload()).isEqualTo(NEXT);
    }

    @Test
    void a_revoked_session_stays_revoked() {
        GivenSession session = loggedIn(alice);
        revoke(RevocationTarget.subject(alice));

        replace(session, NEXT);

        assertThat(isLive(session)).isFalse();
        assertThat(live(alice)).isEmpty();
    }

    @Test
    void several_nodes_that_walk_at_once_replace_each_payload_once() {
        int rows = 60;
        IntStream.range(0, rows).forEach(i -> inserted("subject-" + i, new byte[] {1, (byte) i}));

        int replaced = 0;
        try (Threads threads = new Threads()) {
            for (int one : threads.atOnce(NODES, node -> replaceAll((byte) (10 + node)))) {
                replaced += one;
            }
        }

        assertThat(replaced).isEqualTo(rows);
        assertThat(walk(100))
                .hasSize(rows)
                .allSatisfy(payload -> assertThat(payload.payload()[0]).isBetween((byte) 10, (byte) (10 + NODES)));
    }

    /** As a node encrypts anew: what is of the first sort becomes of its own. */
    private int replaceAll(byte sort) {
        int replaced = 0;
        Optional<PayloadCursor> place = Optional.of(PayloadCursor.start());
        while (place.isPresent()) {
            PayloadPage page = rewriting().payloads(place.get(), 7, now());
            List<PayloadChange> batch = page.payloads().stream()
                    .filter(payload -> payload.payload()[0] == 1)
                    .map(payload -> new PayloadChange(payload, new byte[] {sort, payload.payload()[1]}))
                    .toList();
            replaced += rewriting().replace(batch, now());
            place = page.next();
        }
        return replaced;
    }
}
