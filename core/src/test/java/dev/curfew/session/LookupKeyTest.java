package dev.curfew.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LookupKeyTest {
    @Test
    void of_is_the_first_half_of_the_hash_of_length_prefixed_parts() throws NoSuchAlgorithmException {
        byte[] expected = Arrays.copyOf(sha256(prefixed("subject", "tenant", "Zoë")), 16);

        assertThat(LookupKey.of("subject", "tenant", "Zoë").toBytes()).isEqualTo(expected);
    }

    /** Frozen, and computed by another program: stores keep these keys, so that they may never change. */
    @Test
    void keys_of_known_identifiers_never_change() {
        Realm realm = Realm.of("tenant");
        SessionId ours = SessionId.parse("AZyn_NC7a7EAAAAAAAAAAAAAAAAAAAAA").orElseThrow();

        assertThat(realm.key()).hasToString("44143f6502ece61350a859ff24f564fd");
        assertThat(new SubjectId(realm, "alice").key()).hasToString("8661286f2e8b997b1b7f185c03bf3f8d");
        assertThat(new ClientId(realm, "payroll").key()).hasToString("03e80b5891c373e9cd0f3a98e43ed8ea");
        assertThat(SessionRef.of(realm, ours).key()).hasToString("8e1672eb2d3ecf7c9570734203ebd657");
        assertThat(new SessionRef(realm, new ForeignSessionId("sid-1"), 0).key())
                .hasToString("ad4bae10efc50974fef1363dadaf67fd");
    }

    @Test
    void parts_are_kept_apart_by_their_lengths() {
        assertThat(Stream.of(
                        LookupKey.of("k", "a", "bc"),
                        LookupKey.of("k", "ab", "c"),
                        LookupKey.of("k", "abc"),
                        LookupKey.of("k", "abc", ""),
                        LookupKey.of("k", "", "abc"),
                        LookupKey.of("ka", "bc"),
                        LookupKey.of("kabc")))
                .doesNotHaveDuplicates();
    }

    @Test
    void kinds_of_the_same_name_are_kept_apart() {
        Realm realm = Realm.of("x");
        assertThat(Stream.of(
                        realm.key(),
                        new SubjectId(realm, "x").key(),
                        new ClientId(realm, "x").key(),
                        new SessionRef(realm, new ForeignSessionId("x"), 0).key()))
                .doesNotHaveDuplicates();
    }

    @Test
    void realms_of_the_same_subject_are_kept_apart() {
        assertThat(new SubjectId(Realm.of("a"), "x").key()).isNotEqualTo(new SubjectId(Realm.of("b"), "x").key());
        assertThat(new SubjectId(Realm.of("a"), "bc").key()).isNotEqualTo(new SubjectId(Realm.of("ab"), "c").key());
    }

    @Test
    void identifiers_are_compared_byte_for_byte() {
        Realm realm = Realm.of("tenant");
        List<String> names = List.of(
                "bob",
                "Bob",
                "bob ",
                " bob",
                "bob\u0000",
                "bob\u00a0",
                "stra\u00dfe",
                "strasse",
                "\u00e9",
                "e\u0301",
                "\u0130",
                "i",
                "\u212a",
                "k",
                "K",
                "\u0430",
                "a",
                "1",
                "\uff11",
                "o",
                "o\u200b");

        assertThat(names.stream().map(name -> new SubjectId(realm, name).key())).doesNotHaveDuplicates();
        assertThat(names.stream().map(name -> new ClientId(realm, name).key())).doesNotHaveDuplicates();
        assertThat(names.stream().map(name -> Realm.of("r" + name + "r").key())).doesNotHaveDuplicates();
        assertThat(names.stream().map(name -> new SessionRef(realm, new ForeignSessionId(name), 0).key()))
                .doesNotHaveDuplicates();
    }

    @Test
    void bytes_are_read_back() {
        Seeds.forAll(200, 200, random -> {
            LookupKey key = new LookupKey(random.nextLong(), random.nextLong());

            assertThat(key.toBytes()).hasSize(LookupKey.BYTES);
            assertThat(LookupKey.fromBytes(key.toBytes())).isEqualTo(key).hasSameHashCodeAs(key);
            assertThat(key).hasToString(HexFormat.of().formatHex(key.toBytes()));
            return 1;
        });
    }

    @Test
    void order_is_that_of_the_bytes() {
        Seeds.forAll(500, 500, random -> {
            long high = random.nextLong();
            LookupKey a = new LookupKey(high, random.nextLong());
            LookupKey b = new LookupKey(random.nextBoolean() ? high : random.nextLong(), random.nextLong());

            assertThat(Integer.signum(a.compareTo(b)))
                    .isEqualTo(Integer.signum(Arrays.compareUnsigned(a.toBytes(), b.toBytes())));
            return 1;
        });
    }

    @Test
    void bucket_is_the_last_twelve_bits() {
        assertThat(new LookupKey(-1, 0x1234_5678_9ABC_DEF0L).bucket()).isEqualTo(0xEF0);
        assertThat(new LookupKey(0, -1).bucket()).isEqualTo(4095);
    }

    private static byte[] prefixed(String... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String part : parts) {
            byte[] utf8 = part.getBytes(StandardCharsets.UTF_8);
            out.writeBytes(ByteBuffer.allocate(4).putInt(utf8.length).array());
            out.writeBytes(utf8);
        }
        return out.toByteArray();
    }

    private static byte[] sha256(byte[] bytes) throws NoSuchAlgorithmException {
        return MessageDigest.getInstance("SHA-256").digest(bytes);
    }
}
