package dev.curfew.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.crypto.SecretHash;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.ClientId;
import dev.curfew.session.ForeignSessionId;
import dev.curfew.session.Realm;
import dev.curfew.session.Seeds;
import dev.curfew.session.SessionId;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class StoredSessionTest {
    private static final Instant BEGAN = Instant.parse("2026-03-01T10:00:00.123Z");
    private static final Duration IDLE = Duration.ofMinutes(15);
    private static final Instant END = BEGAN.plus(Duration.ofHours(12));
    private static final SubjectId ALICE = new SubjectId(Realm.of("a"), "alice");
    private static final SessionId ID = Seeds.mint(Seeds.random(1), ALICE, BEGAN);
    private static final SessionRef OURS = SessionRef.of(ALICE, ID);
    private static final SessionRef FOREIGN = SessionRef.of(ALICE, new ForeignSessionId("sid-1"));

    @Test
    void is_expired_at_the_end_of_its_idle_time_and_not_before() {
        StoredSession session = row(OURS).build();

        assertThat(session.endsByTime()).isEqualTo(BEGAN.plus(IDLE));
        assertThat(session.isExpired(BEGAN.plus(IDLE).minusNanos(1))).isFalse();
        assertThat(session.isExpired(BEGAN.plus(IDLE))).isTrue();
    }

    @Test
    void is_expired_at_its_absolute_end_however_active() {
        StoredSession session = row(OURS).lastSeenAt(END.minusMillis(1)).build();

        assertThat(session.endsByTime()).isEqualTo(END);
        assertThat(session.isExpired(END.minusNanos(1))).isFalse();
        assertThat(session.isExpired(END)).isTrue();
    }

    @Test
    void is_expired_activity_moves_the_idle_end_only() {
        Instant seen = BEGAN.plus(IDLE).minusMillis(1);
        StoredSession session = row(OURS).lastSeenAt(seen).build();

        assertThat(session.endsByTime()).isEqualTo(seen.plus(IDLE));
        assertThat(session.expiresAt()).isEqualTo(END);
    }

    @Test
    void is_expired_idle_and_absolute_end_at_the_same_instant() {
        StoredSession session = row(OURS).ends(BEGAN.plus(IDLE), IDLE).build();

        assertThat(session.endsByTime()).isEqualTo(BEGAN.plus(IDLE));
    }

    @Test
    void created_at_is_the_first_sign_of_life() {
        StoredSession session = row(OURS).createdAt(BEGAN.plusSeconds(5)).build();

        assertThat(session.createdAt()).isEqualTo(BEGAN.plusSeconds(5));
        assertThat(session.lastSeenAt()).isEqualTo(BEGAN.plusSeconds(5));
    }

    @Test
    void instants_are_cut_to_the_millisecond() {
        StoredSession session = StoredSession.of(ALICE, OURS)
                .authenticatedAt(BEGAN.plusNanos(999_999))
                .createdAt(BEGAN.plusNanos(999_999))
                .ends(END.plusNanos(999_999), IDLE)
                .forgetAfter(END.plusNanos(999_999))
                .build();

        assertThat(session.authenticatedAt()).isEqualTo(BEGAN);
        assertThat(session.createdAt()).isEqualTo(BEGAN);
        assertThat(session.lastSeenAt()).isEqualTo(BEGAN);
        assertThat(session.expiresAt()).isEqualTo(END);
        assertThat(session.forgetAfter()).isEqualTo(END);
    }

    @Test
    void facts_are_judged_by_the_rule() {
        StoredSession session =
                row(OURS).clientKey(new ClientId(ALICE.realm(), "web").key()).build();

        assertThat(session.facts().began()).contains(BEGAN);
        assertThat(session.facts().bucket()).isEqualTo(ALICE.key().bucket());
        for (RevocationTarget target : List.of(
                RevocationTarget.session(OURS),
                RevocationTarget.subject(ALICE),
                RevocationTarget.client(new ClientId(ALICE.realm(), "web")),
                RevocationTarget.realm(ALICE.realm()),
                RevocationTarget.birth(0, 1))) {
            assertThat(entry(target).covers(session.facts()))
                    .as("%s", target.kind())
                    .isTrue();
        }
        assertThat(entry(RevocationTarget.client(new ClientId(ALICE.realm(), "app")))
                        .covers(session.facts()))
                .isFalse();
    }

    @Test
    void target_is_what_a_revocation_of_it_names() {
        assertThat(row(OURS).build().target()).isEqualTo(RevocationTarget.session(OURS));
        assertThat(row(FOREIGN).build().target()).isEqualTo(RevocationTarget.session(FOREIGN));
        assertThat(row(FOREIGN).build().id()).isEmpty();
        assertThat(row(OURS).build().id()).contains(ID);
    }

    @Test
    void to_builder_keeps_everything() {
        StoredSession session = withEverything().build();

        assertThat(session.toBuilder().build()).usingRecursiveComparison().isEqualTo(session);
        assertThat(session.toBuilder().lastSeenAt(END).build().lastSeenAt()).isEqualTo(END);
        assertThat(session.lastSeenAt()).isEqualTo(BEGAN.plusSeconds(9));
    }

    @Test
    void stored_of_its_columns_is_the_same_row() {
        StoredSession session = row(OURS).build();
        StoredSession readBack = StoredSession.stored()
                .keys(session.key(), session.bucket(), session.realmKey(), session.subjectKey())
                .id(ID)
                .authenticatedAt(session.authenticatedAt())
                .createdAt(session.createdAt())
                .lastSeenAt(session.lastSeenAt())
                .ends(session.expiresAt(), session.idleTimeout())
                .forgetAfter(session.forgetAfter())
                .payload(session.payload())
                .build();

        assertThat(readBack).usingRecursiveComparison().isEqualTo(session);
    }

    @Test
    void payload_is_copied_in_and_out() {
        byte[] in = {1, 2, 3};
        StoredSession session = row(OURS).payload(in).build();
        in[0] = 9;
        session.payload()[1] = 9;

        assertThat(session.payload()).containsExactly(1, 2, 3);
    }

    @Test
    void credential_is_copied_in_and_out() {
        byte[] in = {1, 2, 3};
        StoredSession.Builder builder =
                row(OURS).secretHash(SecretHash.of("secret")).credential(in);
        StoredSession session = builder.build();
        in[0] = 9;
        session.credential()[1] = 9;
        builder.credential(new byte[] {4});

        assertThat(session.credential()).containsExactly(1, 2, 3);
        assertThat(row(OURS).build().credential()).isEmpty();
    }

    @Test
    void credential_of_more_than_255_bytes_or_without_a_secret_is_refused() {
        StoredSession.Builder builder = row(OURS);
        builder.credential(new byte[255]);

        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a credential stands beside a secret");
        assertThat(builder.secretHash(SecretHash.of("secret")).build().credential())
                .hasSize(255);
        assertThatThrownBy(() -> builder.credential(new byte[256]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a credential has at most 255 bytes, not 256");
    }

    @Test
    void is_same_as_a_row_that_differs_in_no_column() {
        StoredSession session = withEverything().build();

        assertThat(session.isSameAs(withEverything().build())).isTrue();
        assertThat(session.isSameAs(session.toBuilder().build())).isTrue();
        for (StoredSession other : List.of(
                withEverything().clientKey(ALICE.key()).build(),
                withEverything().lastSeenAt(BEGAN.plusSeconds(10)).build(),
                withEverything().ends(END.plusMillis(1), IDLE).build(),
                withEverything().ends(END, IDLE.plusMillis(1)).build(),
                withEverything().forgetAfter(END.plusSeconds(311)).build(),
                withEverything().secretHash(SecretHash.of("other")).build(),
                withEverything().credential(new byte[] {4, 6}).build(),
                withEverything().credential(new byte[0]).build(),
                withEverything().payload(new byte[] {1, 2}).build())) {
            assertThat(session.isSameAs(other)).isFalse();
            assertThat(other.isSameAs(session)).isFalse();
        }
    }

    @Test
    void build_without_a_column_is_refused_by_its_name() {
        assertThatThrownBy(() -> StoredSession.stored().build())
                .isInstanceOf(NullPointerException.class)
                .hasMessage("key");
        assertThatThrownBy(() -> StoredSession.of(ALICE, OURS).build())
                .isInstanceOf(NullPointerException.class)
                .hasMessage("authenticatedAt");
    }

    private static StoredSession.Builder row(SessionRef session) {
        return StoredSession.of(ALICE, session)
                .authenticatedAt(BEGAN)
                .createdAt(BEGAN)
                .ends(END, IDLE)
                .forgetAfter(END.plusSeconds(310));
    }

    private static StoredSession.Builder withEverything() {
        return row(OURS)
                .clientKey(new ClientId(ALICE.realm(), "web").key())
                .lastSeenAt(BEGAN.plusSeconds(9))
                .secretHash(SecretHash.of("secret"))
                .credential(new byte[] {4, 5})
                .payload(new byte[] {1, 2, 3});
    }

    private static Revocation entry(RevocationTarget target) {
        return Revocation.of(target)
                .issuedBefore(BEGAN)
                .revokedAt(BEGAN)
                .forgetAfter(Revocation.NEVER)
                .build();
    }
}
