package dev.curfew.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.session.CredentialKind;
import dev.curfew.session.Realm;
import dev.curfew.session.SessionId;
import dev.curfew.session.SubjectId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SecretTokenTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final SessionId SESSION =
            SessionId.mint(new SubjectId(Realm.of("shop"), "alice"), Instant.parse("2026-01-01T00:00:00Z"), RANDOM);
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    @ParameterizedTest
    @EnumSource
    void what_is_revealed_is_read_back(CredentialKind kind) {
        SecretToken token = SecretToken.mint(kind, SESSION, RANDOM);

        SecretToken read = SecretToken.parse(token.reveal()).orElseThrow();

        assertThat(read).isEqualTo(token).hasSameHashCodeAs(token);
        assertThat(read.kind()).isEqualTo(kind);
        assertThat(read.session()).isEqualTo(SESSION);
        assertThat(read.secret()).isEqualTo(token.secret());
        assertThat(read.family()).isEqualTo(token.family());
        assertThat(read.hash()).isEqualTo(token.hash());
        assertThat(read.familyHash()).isEqualTo(token.familyHash());
    }

    @Test
    void a_session_token_has_85_characters_and_a_refresh_token_109() {
        assertThat(SecretToken.mint(CredentialKind.SESSION_TOKEN, SESSION, RANDOM)
                        .reveal())
                .matches("cfs1_[A-Za-z0-9_-]{80}");
        assertThat(SecretToken.mint(CredentialKind.REFRESH_TOKEN, SESSION, RANDOM)
                        .reveal())
                .matches("cfr1_[A-Za-z0-9_-]{104}");
    }

    /** The form is what tokens of earlier releases have: it never changes under these prefixes. */
    @Test
    void the_text_is_prefix_id_family_secret_and_checksum() {
        SecretToken token = SecretToken.mint(CredentialKind.REFRESH_TOKEN, SESSION, RANDOM);
        ByteBuffer bytes = ByteBuffer.allocate(78)
                .put(Base64.getUrlDecoder().decode(SESSION.value()))
                .put(token.family())
                .put(token.secret());
        CRC32 crc = new CRC32();
        crc.update("cfr1_".getBytes(StandardCharsets.US_ASCII));
        crc.update(bytes.array(), 0, 74);

        bytes.putInt((int) crc.getValue());

        assertThat(token.reveal())
                .isEqualTo("cfr1_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array()));
    }

    @ParameterizedTest
    @EnumSource
    void a_text_with_one_character_changed_is_none(CredentialKind kind) {
        String text = SecretToken.mint(kind, SESSION, RANDOM).reveal();
        for (int i = 0; i < text.length(); i++) {
            for (char c : (ALPHABET + "=+/ \n\0é").toCharArray()) {
                String changed = text.substring(0, i) + c + text.substring(i + 1);
                assertThat(SecretToken.parse(changed).isPresent())
                        .as("%s at %d", c, i)
                        .isEqualTo(changed.equals(text));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_text_that_is_longer_or_shorter_is_none(CredentialKind kind) {
        String text = SecretToken.mint(kind, SESSION, RANDOM).reveal();
        for (int i = 0; i < text.length(); i++) {
            assertThat(SecretToken.parse(text.substring(0, i))).isEmpty();
            assertThat(SecretToken.parse(text.substring(0, i) + text.substring(i + 1)))
                    .isEmpty();
            assertThat(SecretToken.parse(text.substring(0, i) + "A" + text.substring(i)))
                    .isEmpty();
        }
        assertThat(SecretToken.parse(text + "=")).isEmpty();
        assertThat(SecretToken.parse(text + "A".repeat(1 << 20))).isEmpty();
    }

    @Test
    void a_token_of_one_kind_is_none_under_the_prefix_of_the_other() {
        String text =
                SecretToken.mint(CredentialKind.SESSION_TOKEN, SESSION, RANDOM).reveal();
        assertThat(SecretToken.parse(text.replace("cfs1_", "cfr1_"))).isEmpty();
        assertThat(SecretToken.parse(text.replace("cfs1_", "CFS1_"))).isEmpty();
    }

    @Test
    void an_id_of_an_unknown_version_makes_no_token() {
        ByteBuffer bytes = ByteBuffer.allocate(60);
        bytes.putLong(2); // the version stands in the last four bits
        CRC32 crc = new CRC32();
        crc.update("cfs1_".getBytes(StandardCharsets.US_ASCII));
        crc.update(bytes.array(), 0, 56);
        bytes.putInt(56, (int) crc.getValue());

        assertThat(SecretToken.parse("cfs1_" + Base64.getUrlEncoder().encodeToString(bytes.array())))
                .isEmpty();
    }

    @Test
    void secrets_and_families_are_drawn_anew() {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            SecretToken token = SecretToken.mint(CredentialKind.REFRESH_TOKEN, SESSION, RANDOM);
            seen.add(Base64.getEncoder().encodeToString(token.secret()));
            seen.add(Base64.getEncoder().encodeToString(token.family()));
        }
        assertThat(seen).hasSize(2_000);
    }

    @Test
    void a_successor_keeps_kind_session_and_family() {
        SecretToken first = SecretToken.mint(CredentialKind.REFRESH_TOKEN, SESSION, RANDOM);
        byte[] next = new byte[32];
        RANDOM.nextBytes(next);

        SecretToken second = first.successor(next);

        assertThat(second).isNotEqualTo(first);
        assertThat(second.secret()).isEqualTo(next);
        assertThat(second.family()).isEqualTo(first.family());
        assertThat(second.familyHash()).isEqualTo(first.familyHash());
        assertThat(second.hash()).isNotEqualTo(first.hash());
        assertThat(second.session()).isEqualTo(SESSION);
        assertThat(SecretToken.parse(second.reveal())).contains(second);
        assertThatThrownBy(() -> first.successor(new byte[31])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void the_hash_is_sha_256_over_prefix_id_and_secret() throws Exception {
        SecretToken token = SecretToken.mint(CredentialKind.SESSION_TOKEN, SESSION, RANDOM);
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        sha256.update("cfs1_".getBytes(StandardCharsets.US_ASCII));
        sha256.update(Base64.getUrlDecoder().decode(SESSION.value()));
        sha256.update(token.secret());

        assertThat(token.hash().toBytes()).isEqualTo(sha256.digest());
    }

    @Test
    void a_secret_proves_nothing_as_another_kind_or_of_another_session() {
        byte[] secret = new byte[32];
        RANDOM.nextBytes(secret);
        SessionId other = SessionId.mint(new SubjectId(Realm.of("shop"), "bob"), Instant.EPOCH, RANDOM);
        SecretHash hash = tokenOf(CredentialKind.SESSION_TOKEN, SESSION, secret).hash();

        assertThat(tokenOf(CredentialKind.REFRESH_TOKEN, SESSION, secret).hash())
                .isNotEqualTo(hash);
        assertThat(tokenOf(CredentialKind.SESSION_TOKEN, other, secret).hash()).isNotEqualTo(hash);
    }

    @ParameterizedTest
    @EnumSource
    void what_is_handed_out_are_copies(CredentialKind kind) {
        SecretToken token = SecretToken.mint(kind, SESSION, RANDOM);
        String text = token.reveal();

        token.secret()[0] ^= 1;
        if (kind == CredentialKind.REFRESH_TOKEN) {
            token.family()[0] ^= 1;
        }

        assertThat(token.reveal()).isEqualTo(text);
    }

    @ParameterizedTest
    @EnumSource
    void its_name_for_logs_is_the_prefix(CredentialKind kind) {
        assertThat(SecretToken.mint(kind, SESSION, RANDOM)).hasToString(kind.prefix() + "…");
    }

    private static SecretToken tokenOf(CredentialKind kind, SessionId session, byte[] secret) {
        return SecretToken.mint(kind, session, RANDOM).successor(secret);
    }
}
