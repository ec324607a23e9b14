package dev.curfew.audit;

import static dev.curfew.contract.TestKeys.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.curfew.audit.AuditRecord.Field;
import dev.curfew.event.SessionEvent;
import dev.curfew.event.SessionEvent.RevocationRecorded;
import dev.curfew.event.SessionEvent.RevokedTokenUsed;
import dev.curfew.event.SuspicionKind;
import dev.curfew.revocation.Actor;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.Realm;
import dev.curfew.session.SubjectId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names that only the holder of the key can link to a subject. PRV-02. */
class SubjectPseudonymsTest {
    private static final SubjectId ALICE = Records.subject("alice@example.com");
    private static final SubjectPseudonyms PSEUDONYMS = SubjectPseudonyms.withKey("2026a", key(1));

    private final List<AuditRecord> records = new ArrayList<>();
    private final AuditTrail trail = AuditTrail.builder()
            .sink("list", records::addAll)
            .pseudonyms(PSEUDONYMS)
            .executor(Runnable::run)
            .build();

    /** Computed by another implementation: HMAC-SHA-256 over 00000004 "shop" 00000011 "alice@example.com". */
    @Test
    void the_pseudonym_is_the_keys_name_and_the_first_half_of_the_hmac() {
        assertThat(PSEUDONYMS.of(ALICE)).isEqualTo("2026a:Yu7RPjOEc51K1AFH8XYDOQ");
    }

    @Test
    void another_key_subject_or_realm_makes_another_pseudonym_and_no_boundary_can_be_moved() {
        assertThat(List.of(
                        PSEUDONYMS.of(ALICE),
                        SubjectPseudonyms.withKey("2026a", key(2)).of(ALICE),
                        SubjectPseudonyms.withKey("2026b", key(1)).of(ALICE),
                        PSEUDONYMS.of(Records.subject("bob")),
                        PSEUDONYMS.of(new SubjectId(Realm.of("shopa"), "lice@example.com")),
                        PSEUDONYMS.of(ALICE.key())))
                .doesNotHaveDuplicates();
    }

    @Test
    void a_record_names_the_subject_by_pseudonym_and_an_administrator_in_clear() {
        Revocation entry = Revocation.of(RevocationTarget.subject(ALICE))
                .because(RevocationReason.REVOKED_BY_ADMIN, Actor.admin("admin-7"))
                .revokedAt(Records.NOW)
                .forgetAfter(Records.NOW.plus(Duration.ofDays(1)))
                .build();

        trail.onEvent(new RevocationRecorded(
                "revoked:" + ALICE.key() + ":1:2",
                Records.NOW,
                entry.target(),
                ALICE,
                null,
                entry,
                OptionalLong.of(1)));

        assertThat(records).singleElement().satisfies(record -> {
            assertThat(record.fields())
                    .containsEntry(Field.SUBJECT, PSEUDONYMS.of(ALICE))
                    .containsEntry(Field.ACTOR_ID, "admin-7");
            assertThat(record.id()).startsWith("revoked:2026a:").endsWith(":1:2");
        });
    }

    /** A lookup key is a bare hash of the name: whoever guesses an address finds it. */
    @Test
    void no_part_of_a_record_holds_the_name_or_its_bare_hash() {
        Revocation entry = Revocation.of(RevocationTarget.subject(ALICE))
                .because(RevocationReason.USER_LOGOUT, Actor.user())
                .revokedAt(Records.NOW)
                .forgetAfter(Records.NOW.plus(Duration.ofDays(1)))
                .build();

        trail.onEvent(new RevocationRecorded(
                "revoked:" + ALICE.key(), Records.NOW, entry.target(), ALICE, null, entry, OptionalLong.of(1)));
        trail.onEvent(new RevokedTokenUsed("used", Records.NOW, ALICE, null, RevocationReason.USER_LOGOUT));

        assertThat(records).hasSize(2);
        assertThat(records.toString())
                .doesNotContain("alice")
                .doesNotContain(ALICE.key().toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a:b", "12345678901234567", "ä"})
    void a_key_has_a_short_plain_name(String keyId) {
        assertThatIllegalArgumentException().isThrownBy(() -> SubjectPseudonyms.withKey(keyId, key(1)));
    }

    @Test
    void a_key_that_is_too_short_or_that_nobody_generated_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SubjectPseudonyms.withKey("k", Arrays.copyOf(key(1), 31)))
                .withMessage("pseudonym key k has 31 bytes, and must have at least 32: generate one, as by:"
                        + " openssl rand -base64 32");
        byte[] typed = "The pepper of our customers' names".getBytes(StandardCharsets.US_ASCII);
        for (byte[] key : List.of(new byte[32], typed)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> SubjectPseudonyms.withKey("k", key))
                    .withMessageStartingWith("pseudonym key k is guessable (")
                    .withMessageContaining(key.length + " bytes were given")
                    .withMessageEndingWith("openssl rand -base64 32")
                    .withMessageNotContaining("pepper");
        }
    }

    @Test
    void a_longer_key_is_taken_and_none_is_shown() {
        byte[] longer = ByteBuffer.allocate(64).put(key(1)).put(key(2)).array();
        assertThat(SubjectPseudonyms.withKey("2026a", longer).of(ALICE)).isNotEqualTo(PSEUDONYMS.of(ALICE));
        assertThat(PSEUDONYMS).hasToString("SubjectPseudonyms[2026a]");
    }

    @Test
    void the_id_of_a_suspicion_holds_no_bare_hash_either() {
        trail.onEvent(new SessionEvent.SuspicionRaised(
                "suspicion:terminations:" + ALICE.key() + ":7",
                Records.NOW,
                SuspicionKind.TERMINATIONS,
                ALICE,
                3,
                Records.NOW));

        assertThat(records)
                .singleElement()
                .satisfies(record ->
                        assertThat(record.toString()).doesNotContain(ALICE.key().toString()));
    }
}
