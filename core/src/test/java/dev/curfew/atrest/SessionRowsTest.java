package dev.curfew.atrest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.contract.TestKeys;
import dev.curfew.meter.DamagedRows;
import dev.curfew.session.ClientId;
import dev.curfew.session.CredentialKind;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Evidence;
import dev.curfew.session.ForeignSessionId;
import dev.curfew.session.Realm;
import dev.curfew.session.Seeds;
import dev.curfew.session.SenderKey;
import dev.curfew.session.Session;
import dev.curfew.session.SessionHandle;
import dev.curfew.session.SessionId;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.session.SubjectId;
import dev.curfew.store.StoredSession;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a session becomes in a store, and what comes back. */
class SessionRowsTest {
    private static final Instant BEGAN = Instant.parse("2026-03-01T10:00:00.123Z");
    private static final Realm REALM = Realm.of("shop");
    private static final SubjectId ALICE = new SubjectId(REALM, "alice");
    private static final SessionHandle OURS = Seeds.mint(Seeds.random(1), ALICE, BEGAN);
    private static final Duration TOKENS_OUTLIVE = Duration.ofMinutes(20);

    static Stream<Named<SessionRows>> rows() {
        return Stream.of(
                Named.of("plain", rows(StoredPayloads.plain())),
                Named.of("encrypted", rows(StoredPayloads.encrypted(TestKeys.ring("2026")))));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void everything_of_a_session_comes_back(SessionRows rows) {
        for (SessionHandle handle : new SessionHandle[] {OURS, new ForeignSessionId("idp-1")}) {
            Session session = full(handle).build();

            assertSame(rows.readable(REALM, rows.toRow(session)), session);
        }
    }

    /** Whoever ended it by that id would end another key, and be told that it has ended. */
    @Test
    void a_row_that_was_given_another_id_is_not_listed_by_its_columns() {
        SessionRows rows = rows(StoredPayloads.plain());
        SessionId later = Seeds.mint(Seeds.random(2), ALICE, BEGAN.plusSeconds(60));
        StoredSession renamed = rows.toRow(full(OURS).build()).toBuilder()
                .id(later)
                .authenticatedAt(later.authenticatedAt())
                .build();

        assertThat(rows.readable(REALM, renamed)).isEmpty();
        assertThat(rows.bare(ALICE, renamed)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void the_least_session_comes_back(SessionRows rows) {
        Session session = least(OURS).build();

        assertSame(rows.readable(REALM, rows.toRow(session)), session);
    }

    @Test
    void a_row_ends_when_its_session_does_and_not_when_others_do() {
        StoredSession row = rows(StoredPayloads.plain()).toRow(least(OURS).build());

        assertThat(row.idleTimeout()).isEqualTo(Duration.ofMinutes(7));
        assertThat(row.expiresAt()).isEqualTo(BEGAN.plus(Duration.ofHours(2)));
        assertThat(row.forgetAfter()).isEqualTo(row.expiresAt().plus(TOKENS_OUTLIVE));
    }

    @Test
    void how_long_a_session_may_be_idle_is_read_from_its_row() {
        SessionRows rows = rows(StoredPayloads.plain());
        StoredSession row = rows.toRow(full(OURS).build());
        StoredSession changed =
                row.toBuilder().ends(row.expiresAt(), Duration.ofMinutes(3)).build();

        assertThat(rows.readable(REALM, changed).orElseThrow().idleTimeout()).isEqualTo(Duration.ofMinutes(3));
        assertThat(rows.bare(ALICE, changed).orElseThrow().idleTimeout()).isEqualTo(Duration.ofMinutes(3));
    }

    @Test
    void evidence_that_says_no_more_than_the_beginning_needs_no_new_version() {
        SessionRows rows = rows(StoredPayloads.plain());
        Session said = least(OURS).evidence(Evidence.at(BEGAN)).build();
        Session later = least(OURS).evidence(Evidence.at(BEGAN.plusMillis(1))).build();

        Session precise = least(new ForeignSessionId("idp-1"))
                .authenticatedAt(BEGAN.plusNanos(5))
                .build();

        assertThat(rows.toRow(said).payload()).startsWith(0x01);
        assertThat(rows.toRow(precise).payload()).startsWith(0x01);
        assertThat(rows.toRow(precise.toBuilder().evidence(precise.evidence()).build())
                        .payload())
                .startsWith(0x01);
        assertThat(rows.toRow(later).payload()).startsWith(0x03);
    }

    @Test
    void a_payload_alone_is_that_of_the_row() {
        SessionRows rows = rows(StoredPayloads.plain());
        Session session = full(OURS).build();

        assertThat(rows.toPayload(session)).isEqualTo(rows.toRow(session).payload());
    }

    @Test
    void a_row_of_a_newer_version_is_not_readable_and_keeps_its_handle() {
        SessionRows rows = rows(StoredPayloads.plain());
        byte[] newer = rows.toPayload(full(OURS).build());
        newer[0] = 4;
        StoredSession row =
                rows.toRow(full(OURS).build()).toBuilder().payload(newer).build();

        assertThat(rows.readable(REALM, row)).isEmpty();
        assertThat(rows.handleOf(row)).contains(OURS);
        assertThat(rows.bare(ALICE, row).orElseThrow().handle()).isEqualTo(OURS);
    }

    @Test
    void every_damaged_payload_is_readable_or_reported_and_nothing_is_thrown() {
        SessionRows rows = rows(StoredPayloads.plain());
        StoredSession row = rows.toRow(full(OURS).build());
        Seeds.forAll(5_000, 50, random -> {
            byte[] damaged = row.payload();
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            StoredSession stored = row.toBuilder().payload(damaged).build();
            return rows.readable(REALM, stored).isPresent() ? 1 : 0;
        });
    }

    private static void assertSame(Optional<Session> read, Session session) {
        assertThat(read.orElseThrow()).usingRecursiveComparison().isEqualTo(session);
    }

    private static SessionRows rows(StoredPayloads payloads) {
        return new SessionRows(
                SessionLifetimes.aal1(), TOKENS_OUTLIVE, payloads, new DamagedRows(SessionRowsTest.class, () -> 0));
    }

    private static Session.Builder least(SessionHandle handle) {
        return Session.of(ALICE, handle)
                .authenticatedAt(BEGAN)
                .createdAt(BEGAN.plusSeconds(1))
                .lastSeenAt(BEGAN.plusSeconds(1))
                .expiresAt(BEGAN.plus(Duration.ofHours(2)))
                .idleTimeout(Duration.ofMinutes(7));
    }

    private static Session.Builder full(SessionHandle handle) {
        return least(handle)
                .client(new ClientId(REALM, "web"))
                .device(DeviceInfo.of("Firefox on Linux").withAddress("203.0.113.0/24"))
                .attributes(Map.of("country", "ES"))
                .evidence(new Evidence(BEGAN.plusSeconds(60), Optional.of("phr"), Set.of("pwd", "otp")))
                .label("Zo\u00eb's phone \ud83d\ude00")
                .scopes(Set.of("openid", "mail:read"))
                .senderKey(SenderKey.of(SenderKey.Kind.X5T_S256, new byte[32]))
                .credential(CredentialKind.REFRESH_TOKEN);
    }
}
