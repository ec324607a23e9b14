package dev.curfew.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.revocation.RevocationTarget.Kind;
import dev.curfew.session.ClientId;
import dev.curfew.session.ForeignSessionId;
import dev.curfew.session.LookupKey;
import dev.curfew.session.Realm;
import dev.curfew.session.Seeds;
import dev.curfew.session.SessionId;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RevocationTargetTest {
    private static final Realm REALM = Realm.of("a");
    private static final SubjectId ALICE = new SubjectId(REALM, "alice");
    private static final SessionId OURS = Seeds.mint(Seeds.random(1), ALICE, Instant.EPOCH);

    @ParameterizedTest
    @CsvSource({
        "TOKEN,           1, false",
        "SESSION,         2, false",
        "FOREIGN_SESSION, 3, false",
        "SUBJECT,         4, true",
        "CLIENT,          5, true",
        "REALM,           6, true",
        "SIGNING_KEY,     7, false",
        "BIRTH,           8, true",
    })
    void stored_codes_never_change(Kind kind, int code, boolean cutOff) {
        assertThat(kind.code()).isEqualTo(code);
        assertThat(kind.isCutOff()).isEqualTo(cutOff);
        assertThat(Kind.ofCode(code)).contains(kind);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 9, 127, 257})
    void of_code_that_a_newer_version_wrote_is_nothing(int code) {
        assertThat(Kind.ofCode(code)).isEmpty();
        assertThat(Kind.values()).hasSize(8);
    }

    @Test
    void targets_are_kept_where_their_facts_belong() {
        TokenFacts token =
                TokenFacts.in(REALM).subject(ALICE).token(TokenId.ofJti("x")).build();

        assertThat(RevocationTarget.token(token).bucket()).isEqualTo(token.bucket());
        assertThat(RevocationTarget.subject(ALICE).bucket())
                .isEqualTo(ALICE.key().bucket());
        assertThat(RevocationTarget.session(SessionRef.of(REALM, OURS)).bucket())
                .isEqualTo(OURS.bucket());
        assertThat(RevocationTarget.session(new SessionRef(REALM, new ForeignSessionId("s"), -1))
                        .bucket())
                .isEqualTo(RevocationTarget.EVERYWHERE);
        assertThat(RevocationTarget.client(new ClientId(REALM, "web")).bucket()).isEqualTo(RevocationTarget.EVERYWHERE);
        assertThat(RevocationTarget.realm(REALM).bucket()).isEqualTo(RevocationTarget.EVERYWHERE);
        assertThat(RevocationTarget.signingKey("k").bucket()).isEqualTo(RevocationTarget.EVERYWHERE);
    }

    @Test
    void targets_name_their_realm_except_keys_and_births() {
        assertThat(RevocationTarget.subject(ALICE).realm()).isEqualTo(REALM.key());
        assertThat(RevocationTarget.client(new ClientId(REALM, "web")).realm()).isEqualTo(REALM.key());
        assertThat(RevocationTarget.session(SessionRef.of(REALM, OURS)).realm()).isEqualTo(REALM.key());
        assertThat(RevocationTarget.signingKey("k").realm()).isEqualTo(RevocationTarget.NO_REALM);
        assertThat(RevocationTarget.birth(0, 1).realm()).isEqualTo(RevocationTarget.NO_REALM);
    }

    @Test
    void session_is_ours_or_foreign_by_its_handle() {
        assertThat(RevocationTarget.session(SessionRef.of(REALM, OURS)).kind()).isEqualTo(Kind.SESSION);
        assertThat(RevocationTarget.session(SessionRef.of(ALICE, new ForeignSessionId(OURS.value())))
                        .kind())
                .isEqualTo(Kind.FOREIGN_SESSION);
    }

    @Test
    void token_of_facts_without_a_token_is_refused() {
        assertThatThrownBy(() -> RevocationTarget.token(TokenFacts.in(REALM).build()))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("facts without a token");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 16, 4096})
    void birth_of_each_partition_covers_its_buckets_and_no_other(int partitions) {
        List<Revocation> births = new ArrayList<>();
        for (int partition = 0; partition < partitions; partition++) {
            births.add(birth(partition, partitions));
        }
        for (int bucket : new int[] {0, 1, 2, 15, 16, 17, 2047, 2048, 4094, 4095}) {
            TokenFacts facts = inBucket(bucket);
            for (int partition = 0; partition < partitions; partition++) {
                assertThat(births.get(partition).covers(facts)).isEqualTo(partition == bucket % partitions);
            }
        }
    }

    @Test
    void birth_of_another_number_of_partitions_is_another_target() {
        assertThat(RevocationTarget.birth(0, 1)).isNotEqualTo(RevocationTarget.birth(0, 2));
        assertThat(RevocationTarget.birth(1, 2)).isNotEqualTo(RevocationTarget.birth(1, 4));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "0, 3", "0, -1", "0, 8192", "1, 1", "16, 16", "-1, 16", "0, -2147483648"})
    void birth_of_an_impossible_partition_is_refused(int partition, int partitions) {
        assertThatThrownBy(() -> RevocationTarget.birth(partition, partitions))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void bucket_is_minus_one_to_4095() {
        LookupKey key = REALM.key();

        assertThat(new RevocationTarget(Kind.SUBJECT, key, key, 4095).bucket()).isEqualTo(4095);
        assertThatThrownBy(() -> new RevocationTarget(Kind.SUBJECT, key, key, 4096))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RevocationTarget(Kind.SUBJECT, key, key, -2))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void every_kind_has_its_own_code() {
        assertThat(Arrays.stream(Kind.values()).map(Kind::code)).doesNotHaveDuplicates();
    }

    private static TokenFacts inBucket(int bucket) {
        LookupKey key = new LookupKey(1, bucket);
        return TokenFacts.ofSession(REALM.key(), key, key, null, Instant.EPOCH, bucket);
    }

    private static Revocation birth(int partition, int partitions) {
        return Revocation.of(RevocationTarget.birth(partition, partitions))
                .issuedBefore(Instant.EPOCH)
                .revokedAt(Instant.EPOCH)
                .forgetAfter(Revocation.NEVER)
                .build();
    }

    /** A stored session says that it is over for each of these, and lives on when one token or key of it is revoked. */
    @ParameterizedTest
    @EnumSource
    void covers_sessions_all_but_one_token_and_what_a_key_signed(Kind kind) {
        assertThat(kind.coversSessions()).isEqualTo(kind != Kind.TOKEN && kind != Kind.SIGNING_KEY);
    }
}
