package dev.curfew.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionIdTest {
    private static final Realm REALM = Realm.of("tenant");
    private static final SubjectId SUBJECT = new SubjectId(REALM, "alice");
    private static final Instant BEGAN = Instant.parse("2026-03-01T10:00:00.123Z");
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    @Test
    void minted_ids_are_read_back_from_their_text() {
        Seeds.forAll(2_000, 2_000, random -> {
            SubjectId subject = new SubjectId(REALM, "subject-" + random.nextInt());
            SessionId id = Seeds.mint(random, subject, Instant.ofEpochMilli(random.nextLong() >>> 16));

            assertThat(id.value()).hasSize(32).matches("[A-Za-z0-9_-]{32}").isEqualTo(id.toString());
            assertThat(SessionId.parse(id.value())).contains(id);
            return 1;
        });
    }

    @Test
    void authenticated_at_is_carried_to_the_millisecond() {
        assertThat(mint(BEGAN).authenticatedAt()).isEqualTo(BEGAN);
        assertThat(mint(BEGAN.plusNanos(999_999)).authenticatedAt()).isEqualTo(BEGAN);
        assertThat(mint(BEGAN.plusMillis(1)).authenticatedAt()).isEqualTo(BEGAN.plusMillis(1));
        assertThat(mint(Instant.EPOCH).authenticatedAt()).isEqualTo(Instant.EPOCH);
        assertThat(mint(Instant.ofEpochMilli((1L << 48) - 1)).authenticatedAt())
                .isEqualTo(Instant.ofEpochMilli((1L << 48) - 1));
    }

    @Test
    void mint_out_of_the_range_that_an_id_can_carry_is_refused() {
        assertThatThrownBy(() -> mint(Instant.EPOCH.minusMillis(1))).isInstanceOf(InvalidIdentifierException.class);
        assertThatThrownBy(() -> mint(Instant.ofEpochMilli(1L << 48))).isInstanceOf(InvalidIdentifierException.class);
    }

    @Test
    void bucket_is_that_of_the_subject() {
        Set<Integer> seen = new HashSet<>();
        Seeds.forAll(500, 500, random -> {
            SubjectId subject = new SubjectId(REALM, "subject-" + random.nextInt());
            int bucket = Seeds.mint(random, subject, BEGAN).bucket();

            assertThat(bucket).isEqualTo(subject.key().bucket()).isBetween(0, 4095);
            seen.add(bucket);
            return 1;
        });
        assertThat(seen).as("buckets spread").hasSizeGreaterThan(1);
    }

    @Test
    void ids_of_the_same_subject_and_instant_are_unique() {
        SecureRandom random = new SecureRandom();
        Set<String> texts = new HashSet<>();
        for (int i = 0; i < 100_000; i++) {
            texts.add(SessionId.mint(SUBJECT, BEGAN, random).value());
        }
        assertThat(texts).hasSize(100_000);
    }

    @Test
    void every_one_of_the_128_random_bits_varies() {
        long ones1 = 0;
        long ones2 = 0;
        long zeros1 = 0;
        long zeros2 = 0;
        Random random = Seeds.random(1);
        for (int i = 0; i < 200; i++) {
            SessionId id = Seeds.mint(random, SUBJECT, BEGAN);
            ones1 |= id.random1();
            ones2 |= id.random2();
            zeros1 |= ~id.random1();
            zeros2 |= ~id.random2();
        }
        assertThat(new long[] {ones1, ones2, zeros1, zeros2}).containsOnly(-1L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "AZyn_NC7a7EAAAAAAAAAAAAAAAAAAAA",
                "AZyn_NC7a7EAAAAAAAAAAAAAAAAAAAAAA",
                "AZyn_NC7a7EAAAAAAAAAAAAAAAAAAAA=",
                "AZyn/NC7a7EAAAAAAAAAAAAAAAAAAAAA",
                "AZyn+NC7a7EAAAAAAAAAAAAAAAAAAAAA",
                " AZyn_NC7a7EAAAAAAAAAAAAAAAAAAAA",
                "AZyn_NC7a7EAAAAAAAAAAAAAAAAAAAA\n",
                "AZyn_NC7a7EAAAAAAAAAAAAAAAAAAAA\u00e9",
                "AZyn_NC7a7EAAAAAAAAAAAAAAAAAAAA\uff21",
                "AZyn_NC7a7EAAAAAAAAAAAAAAAAAAA\ud83d\ude00",
                "AZyn_NC7a7EAAAAAAAAAAAAAAAAAAAA\u0000",
                "../../../../etc/passwd/../../../"
            })
    void parse_anything_else_is_refused(String text) {
        assertThat(SessionId.parse(text)).isEmpty();
    }

    @Test
    void parse_of_every_other_version_is_refused() {
        SessionId id = mint(BEGAN);
        for (int version = 0; version < 16; version++) {
            long head = id.head() & ~0xFL | version;
            if (version == 1) {
                assertThat(new SessionId(head, 0, 0).head()).isEqualTo(id.head());
                continue;
            }
            String text = respell(id.value(), head);
            assertThat(SessionId.parse(text)).as("version %s", version).isEmpty();
            assertThatThrownBy(() -> new SessionId(head, 0, 0)).isInstanceOf(InvalidIdentifierException.class);
        }
    }

    @Test
    void parse_mutated_ids_is_refused_or_has_no_other_spelling() {
        Seeds.forAll(300, 1_000, random -> {
            String text = Seeds.mint(random, SUBJECT, BEGAN).value();
            long accepted = 0;
            for (int i = 0; i < 30; i++) {
                String mutant = mutate(random, text);
                accepted += SessionId.parse(mutant).stream()
                        .peek(id -> assertThat(id.value()).isEqualTo(mutant))
                        .peek(id -> assertThat(SessionId.parse(id.value())).contains(id))
                        .count();
            }
            return accepted;
        });
    }

    private static String mutate(Random random, String text) {
        int at = random.nextInt(text.length());
        String before = text.substring(0, at);
        String after = text.substring(at + 1);
        return switch (random.nextInt(6)) {
            case 0 -> before + after;
            case 1 -> before + text.charAt(at) + text.charAt(at) + after;
            case 2 -> before + (char) random.nextInt(0x10000) + after;
            case 3 -> before + "=+/ ".charAt(random.nextInt(4)) + after;
            default -> before + ALPHABET.charAt(random.nextInt(64)) + after;
        };
    }

    /**
     * The text of the same id with another head: the head's 64 bits are the first ten characters and four bits more.
     */
    private static String respell(String text, long head) {
        int last = ALPHABET.indexOf(text.charAt(10));
        char next = ALPHABET.charAt((int) (head & 0xF) << 2 | last & 3);
        return text.substring(0, 10) + next + text.substring(11);
    }

    private static SessionId mint(Instant authenticatedAt) {
        return Seeds.mint(Seeds.random(7), SUBJECT, authenticatedAt);
    }
}
