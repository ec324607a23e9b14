package dev.curfew.token;

import static dev.curfew.token.TokenAssertions.isRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.jose.NotStrictJsonException;
import dev.curfew.jose.StrictJson;
import dev.curfew.token.InvalidTokenException.Reason;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TOK-26, TOK-27, TOK-28. */
class StrictJsonTest {
    private static final String HEADER = "{\"alg\":\"RS256\",\"typ\":\"at+jwt\"}";
    private final TokenVerifier verifier = TestIssuer.verifier();

    @Test
    void every_kind_of_value_is_read() throws NotStrictJsonException {
        Map<String, Object> object =
                read(" {\"s\" : \"\\u00e9\\n\\\"\\ud83d\\ude00\", \"i\":-12, \"big\":9223372036854775807,"
                        + "\"d\":1.5e2,\"t\":true,\"f\":false,\"n\":null,\"a\":[1,[],{}],\"o\":{\"x\":0}} ");

        assertThat(object.get("s")).isEqualTo("é\n\"😀");
        assertThat(object.get("i")).isEqualTo(-12L);
        assertThat(object.get("big")).isEqualTo(0x1p63);
        assertThat(object.get("d")).isEqualTo(150.0);
        assertThat(object.get("t")).isEqualTo(true);
        assertThat(object.get("f")).isEqualTo(false);
        assertThat(object).containsEntry("n", null);
        assertThat(object.get("a")).isEqualTo(List.of(1L, List.of(), Map.of()));
        assertThat(object.get("o")).isEqualTo(Map.of("x", 0L));
        assertThatThrownBy(() -> object.put("x", 1)).isInstanceOf(UnsupportedOperationException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "[]",
                "null",
                "\"x\"",
                "1",
                "{",
                "}",
                "{}{}",
                "{},",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1,}",
                "{,}",
                "{a:1}",
                "{'a':1}",
                "{\"a\":01}",
                "{\"a\":+1}",
                "{\"a\":.5}",
                "{\"a\":1.}",
                "{\"a\":1e}",
                "{\"a\":-}",
                "{\"a\":0x10}",
                "{\"a\":NaN}",
                "{\"a\":Infinity}",
                "{\"a\":1e999}",
                "{\"a\":TRUE}",
                "{\"a\":nul}",
                "{\"a\":\"\t\"}",
                "{\"a\":\"\\x\"}",
                "{\"a\":\"\\u12\"}",
                "{\"a\":\"\\u１２３４\"}",
                "{\"a\":\"",
                "{\"a\":\"\\",
                "{\"a\":[1,]}",
                "{\"a\":[1 2]}",
                "{\"a\":[1}",
                "{}//",
                "/**/{}",
                "{}\0",
                "\uFEFF{}",
                "{\"a\":1}}",
                "{\"a\":\"\\ud800\"}",
                "{\"a\":\"\\udc00\\ud800\"}",
                "{\"\\ud800\":1}",
                "{\"a\":١}",
                "\u00A0{}",
                "{\"a\":1111111111111111111111111111111111111111111111111111111111111111111}"
            })
    void anything_else_is_not(String json) {
        assertThatThrownBy(() -> read(json)).isInstanceOf(NotStrictJsonException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"sub\":\"a\",\"sub\":\"b\"}",
                "{\"sub\":\"a\",\"\\u0073ub\":\"b\"}",
                "{\"x\":{\"y\":1,\"y\":1}}",
                "{\"x\":[{\"y\":1,\"y\":2}]}"
            })
    void a_duplicate_member_is_refused_at_any_depth(String json) {
        assertThatThrownBy(() -> read(json)).isInstanceOf(NotStrictJsonException.class);
        isRefused(verifier, TestIssuer.tokenWithPayload(json), Reason.MALFORMED);
    }

    @Test
    void a_duplicate_in_the_header_is_refused() {
        isRefused(
                verifier,
                TestIssuer.tokenWithHeader("{\"alg\":\"RS256\",\"typ\":\"at+jwt\",\"alg\":\"RS256\"}"),
                Reason.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "ISO-8859-1"})
    void another_encoding_than_utf8_is_refused(String charset) {
        Map<String, Object> claims = TestIssuer.claimsWith("name", "José");
        byte[] payload = TestIssuer.json(claims).getBytes(Charset.forName(charset));

        isRefused(
                verifier,
                TestIssuer.token("RS256", HEADER.getBytes(StandardCharsets.UTF_8), payload),
                Reason.MALFORMED);
    }

    @Test
    void a_byte_order_mark_and_invalid_utf8_are_refused() {
        byte[] good = TestIssuer.json(TestIssuer.claimsWith("name", "x")).getBytes(StandardCharsets.UTF_8);
        byte[] header = HEADER.getBytes(StandardCharsets.UTF_8);
        byte[] marked = ("\uFEFF" + TestIssuer.json(TestIssuer.claims())).getBytes(StandardCharsets.UTF_8);
        byte[] broken = Arrays.copyOf(good, good.length);
        broken[new String(good, StandardCharsets.UTF_8).indexOf("\"x\"") + 1] = (byte) 0xFF;
        // CESU-8: a surrogate written as three bytes.
        byte[] surrogate = TestIssuer.json(TestIssuer.claimsWith("name", "xxx")).getBytes(StandardCharsets.UTF_8);
        int at = new String(surrogate, StandardCharsets.UTF_8).indexOf("xxx");
        surrogate[at] = (byte) 0xED;
        surrogate[at + 1] = (byte) 0xA0;
        surrogate[at + 2] = (byte) 0x80;

        isRefused(verifier, TestIssuer.token("RS256", header, marked), Reason.MALFORMED);
        isRefused(verifier, TestIssuer.token("RS256", header, broken), Reason.MALFORMED);
        isRefused(verifier, TestIssuer.token("RS256", header, surrogate), Reason.MALFORMED);
    }

    @Test
    void nesting_is_read_to_a_depth_of_32_and_refused_beyond_without_exhausting_the_stack()
            throws NotStrictJsonException {
        assertThat(read(nested(31))).isNotEmpty();
        assertThatThrownBy(() -> read(nested(32))).isInstanceOf(NotStrictJsonException.class);
        assertThatThrownBy(() -> read(nested(1_000_000))).isInstanceOf(NotStrictJsonException.class);
        assertThatThrownBy(() -> read("{\"a\":".repeat(1_000_000))).isInstanceOf(NotStrictJsonException.class);
        isRefused(verifier, TestIssuer.tokenWithPayload(nested(3000)), Reason.MALFORMED);
    }

    private static String nested(int arrays) {
        return "{\"a\":" + "[".repeat(arrays) + "]".repeat(arrays) + "}";
    }

    private static Map<String, Object> read(String json) throws NotStrictJsonException {
        return StrictJson.object(json.getBytes(StandardCharsets.UTF_8));
    }
}
