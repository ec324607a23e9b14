package dev.curfew.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.jose.NotStrictJsonException;
import dev.curfew.jose.StrictJson;
import dev.curfew.session.InvalidIdentifierException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9493, and what the Shared Signals Framework 1.0 adds in sections 3.2 and 3.4; SET-08, SET-09. */
class SubjectIdentifierTest {
    /** Figures 5 to 13 of RFC 9493, and the examples of the framework. */
    @Test
    void the_published_examples_are_read() {
        assertThat(read("{\"format\":\"account\",\"uri\":\"acct:example.user@service.example.com\"}"))
                .isEqualTo(new SubjectIdentifier.Account("acct:example.user@service.example.com"));
        assertThat(read("{\"format\":\"email\",\"email\":\"user@example.com\"}"))
                .isEqualTo(new SubjectIdentifier.Email("user@example.com"));
        assertThat(read("{\"format\":\"iss_sub\",\"iss\":\"https://issuer.example.com/\",\"sub\":\"145234573\"}"))
                .isEqualTo(new SubjectIdentifier.IssSub("https://issuer.example.com/", "145234573"));
        assertThat(read("{\"format\":\"opaque\",\"id\":\"11112222333344445555\"}"))
                .isEqualTo(new SubjectIdentifier.Opaque("11112222333344445555"));
        assertThat(read("{\"format\":\"phone_number\",\"phone_number\":\"+12065550100\"}"))
                .isEqualTo(new SubjectIdentifier.PhoneNumber("+12065550100"));
        assertThat(read("{\"format\":\"did\",\"url\":\"did:example:123456\"}"))
                .isEqualTo(new SubjectIdentifier.Did("did:example:123456"));
        assertThat(read("{\"format\":\"did\",\"url\":\"did:example:123456/did/url/path?versionId=1\"}"))
                .isEqualTo(new SubjectIdentifier.Did("did:example:123456/did/url/path?versionId=1"));
        assertThat(read("{\"format\":\"uri\",\"uri\":\"https://user.example.com/\"}"))
                .isEqualTo(new SubjectIdentifier.Uri("https://user.example.com/"));
        assertThat(read("{\"format\":\"uri\",\"uri\":\"urn:uuid:4e851e98-83c4-4743-a5da-150ecb53042f\"}"))
                .isEqualTo(new SubjectIdentifier.Uri("urn:uuid:4e851e98-83c4-4743-a5da-150ecb53042f"));
        assertThat(read("""
                {"format":"aliases","identifiers":[
                  {"format":"email","email":"user@example.com"},
                  {"format":"phone_number","phone_number":"+12065550100"},
                  {"format":"email","email":"user+qualifier@example.com"}]}"""))
                .isEqualTo(new SubjectIdentifier.Aliases(List.of(
                        new SubjectIdentifier.Email("user@example.com"),
                        new SubjectIdentifier.PhoneNumber("+12065550100"),
                        new SubjectIdentifier.Email("user+qualifier@example.com"))));
        assertThat(read("""
                {"format":"jwt_id","iss":"https://idp.example.com/123456789/",
                 "jti":"B70BA622-9515-4353-A866-823539EECBC8"}"""))
                .isEqualTo(new SubjectIdentifier.JwtId(
                        "https://idp.example.com/123456789/", "B70BA622-9515-4353-A866-823539EECBC8"));
        assertThat(read("{\"format\":\"ip-addresses\",\"ip-addresses\":[\"10.29.37.75\"]}"))
                .isInstanceOf(SubjectIdentifier.Other.class)
                .extracting(SubjectIdentifier::format)
                .isEqualTo("ip-addresses");
        String saml = """
                {"format":"saml_assertion_id","issuer":"https://idp.example.com/123456789/",
                 "assertion_id":"_8e8dc5f69a98cc4c1ff3427e5ce34606fd672f91e6"}""";
        assertThat(read(saml)).isInstanceOf(SubjectIdentifier.Other.class);
        assertThat(read("""
                {"format":"complex","user":{"format":"email","email":"bar@example.com"},
                 "tenant":{"format":"iss_sub","iss":"https://example.com/idp1","sub":"1234"}}"""))
                .isEqualTo(new SubjectIdentifier.Complex(Map.of(
                        "user", new SubjectIdentifier.Email("bar@example.com"),
                        "tenant", new SubjectIdentifier.IssSub("https://example.com/idp1", "1234"))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"format\":\"account\",\"uri\":\"acct:a@b\"}",
                "{\"format\":\"email\",\"email\":\"a@b\"}",
                "{\"format\":\"iss_sub\",\"iss\":\"i\",\"sub\":\"s\"}",
                "{\"format\":\"opaque\",\"id\":\"x\"}",
                "{\"format\":\"phone_number\",\"phone_number\":\"1\"}",
                "{\"format\":\"did\",\"url\":\"did:a:b\"}",
                "{\"format\":\"uri\",\"uri\":\"urn:x\"}",
                "{\"format\":\"jwt_id\",\"iss\":\"i\",\"jti\":\"j\"}",
                "{\"format\":\"mine\",\"a\":null,\"b\":[{\"c\":7}]}",
                "{\"format\":\"aliases\",\"identifiers\":[{\"format\":\"opaque\",\"id\":\"x\"}]}",
                "{\"format\":\"complex\",\"user\":{\"format\":\"aliases\",\"identifiers\":"
                        + "[{\"format\":\"opaque\",\"id\":\"x\"}]},\"x-ours\":{\"format\":\"mine\"}}"
            })
    void what_was_read_is_written_as_it_came(String json) throws NotStrictJsonException {
        Map<String, ?> object = StrictJson.object(json.getBytes(StandardCharsets.UTF_8));

        SubjectIdentifier identifier = SubjectIdentifier.parse(object);

        assertThat(identifier.asMap()).isEqualTo(object);
        assertThat(SubjectIdentifier.parse(identifier.asMap()))
                .isEqualTo(identifier)
                .hasSameHashCodeAs(identifier);
        assertThat(identifier.format()).isEqualTo(object.get("format"));
        assertThat(identifier.toString()).doesNotContain("mine").hasSizeLessThan(40);
    }

    @Test
    void members_that_a_known_format_does_not_define_are_passed_over() {
        assertThat(read("{\"format\":\"opaque\",\"id\":\"x\",\"more\":{\"y\":[]}}"))
                .isEqualTo(new SubjectIdentifier.Opaque("x"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"format\":null}",
                "{\"format\":\"\"}",
                "{\"format\":[\"email\"]}",
                "{\"format\":\"account\",\"uri\":\"mailto:a@b\"}",
                "{\"format\":\"account\",\"uri\":\"acct:\"}",
                "{\"format\":\"account\",\"url\":\"acct:a@b\"}",
                "{\"format\":\"email\",\"email\":\"nobody\"}",
                "{\"format\":\"email\",\"email\":\"@b\"}",
                "{\"format\":\"email\",\"email\":\"a@\"}",
                "{\"format\":\"email\",\"email\":null}",
                "{\"format\":\"iss_sub\",\"iss\":\"i\"}",
                "{\"format\":\"iss_sub\",\"sub\":\"s\"}",
                "{\"format\":\"iss_sub\",\"iss\":\"i\",\"sub\":7}",
                "{\"format\":\"opaque\"}",
                "{\"format\":\"phone_number\",\"phone_number\":12065550100}",
                "{\"format\":\"did\",\"uri\":\"did:example:1\"}",
                "{\"format\":\"did\",\"url\":\"https://a\"}",
                "{\"format\":\"uri\",\"uri\":\"\"}",
                "{\"format\":\"uri\",\"uri\":\"two words\"}",
                "{\"format\":\"jwt_id\",\"iss\":\"i\"}",
                "{\"format\":\"aliases\"}",
                "{\"format\":\"aliases\",\"identifiers\":[]}",
                "{\"format\":\"aliases\",\"identifiers\":[7]}",
                "{\"format\":\"aliases\",\"identifiers\":[{\"format\":\"aliases\",\"identifiers\":"
                        + "[{\"format\":\"opaque\",\"id\":\"x\"}]}]}",
                "{\"format\":\"aliases\",\"identifiers\":[{\"format\":\"complex\",\"user\":"
                        + "{\"format\":\"opaque\",\"id\":\"x\"}}]}",
                "{\"format\":\"complex\"}",
                "{\"format\":\"complex\",\"user\":\"alice\"}",
                "{\"format\":\"complex\",\"user\":null}",
                "{\"format\":\"complex\",\"user\":{\"format\":\"opaque\"}}",
                "{\"format\":\"complex\",\"user\":{\"format\":\"complex\",\"user\":"
                        + "{\"format\":\"opaque\",\"id\":\"x\"}}}"
            })
    void what_is_not_as_its_format_demands_is_refused_in_words_that_repeat_nothing(String json) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(InvalidIdentifierException.class)
                .hasMessageStartingWith("subject identifier: ")
                .hasMessageNotContainingAny("nobody", "mailto", "12065550100", "alice", "two words");
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "null", "\"x\"", "[]", "{}", "{\"format\":7}", "{\"format\":\"opaque\"}"})
    void an_unknown_member_that_is_no_subject_is_passed_over(String stray) throws NotStrictJsonException {
        String user = "\"user\":{\"format\":\"opaque\",\"id\":\"x\"}";

        assertThat(read("{\"format\":\"complex\"," + user + ",\"x-ours\":" + stray + "}"))
                .isEqualTo(read("{\"format\":\"complex\"," + user + "}"));
        assertThatThrownBy(() -> read("{\"format\":\"complex\",\"x-ours\":" + stray + "}"))
                .isInstanceOf(InvalidIdentifierException.class);
        assertThatThrownBy(() -> read("{\"format\":\"complex\"," + user + ",\"device\":" + stray + "}"))
                .isInstanceOf(InvalidIdentifierException.class);
    }

    @Test
    void the_number_of_parts_is_bounded() {
        Map<String, Object> part = Map.of("format", "opaque", "id", "x");
        Map<String, Object> complex = new LinkedHashMap<>(Map.of("format", "complex"));
        IntStream.range(0, 32).forEach(i -> complex.put("m" + i, part));
        List<SubjectIdentifier> aliases = IntStream.range(0, 33)
                .<SubjectIdentifier>mapToObj(i -> new SubjectIdentifier.Opaque("x" + i))
                .toList();

        assertThat(SubjectIdentifier.parse(complex)).isInstanceOf(SubjectIdentifier.Complex.class);
        complex.put("one-more", part);
        assertThatThrownBy(() -> SubjectIdentifier.parse(complex)).isInstanceOf(InvalidIdentifierException.class);
        assertThat(new SubjectIdentifier.Aliases(aliases.subList(1, 33)).identifiers())
                .hasSize(32);
        assertThatThrownBy(() -> new SubjectIdentifier.Aliases(aliases)).isInstanceOf(InvalidIdentifierException.class);
    }

    @Test
    void a_text_that_no_store_could_keep_is_refused() {
        assertThat(new SubjectIdentifier.Opaque("x".repeat(16_384)).id()).hasSize(16_384);
        for (String each : new String[] {"x".repeat(16_385), "\uD800", ""}) {
            assertThatThrownBy(() -> new SubjectIdentifier.Opaque(each)).isInstanceOf(InvalidIdentifierException.class);
        }
    }

    @Test
    void a_part_of_a_complex_one_is_changed_by_nobody_afterwards() {
        Map<String, SubjectIdentifier> members = new HashMap<>();
        members.put("user", new SubjectIdentifier.Opaque("x"));
        SubjectIdentifier.Complex complex = new SubjectIdentifier.Complex(members);
        members.clear();

        assertThat(complex.members()).hasSize(1);
        assertThatThrownBy(() -> complex.members().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> complex.asMap().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    /** Section 8.1.3.1, the first example: the stream's subject is less restrictive. */
    @Test
    void a_stream_of_a_tenant_gets_what_is_about_its_user() {
        assertMatches(
                true,
                "{\"format\":\"complex\",\"tenant\":{\"format\":\"opaque\",\"id\":\"example-a38h4792-uw2\"}}",
                "{\"format\":\"complex\",\"tenant\":{\"format\":\"opaque\",\"id\":\"example-a38h4792-uw2\"},"
                        + "\"user\":{\"format\":\"email\",\"email\":\"jdoe@example.com\"}}");
    }

    /** The second: it is more restrictive. */
    @Test
    void a_stream_of_a_users_device_gets_what_is_about_the_user() {
        assertMatches(
                true,
                "{\"format\":\"complex\",\"user\":{\"format\":\"email\",\"email\":\"jdoe@example.com\"},"
                        + "\"device\":{\"format\":\"ip-addresses\",\"ip-addresses\":[\"10.29.37.75\"]}}",
                "{\"format\":\"complex\",\"user\":{\"format\":\"email\",\"email\":\"jdoe@example.com\"}}");
    }

    /** The third. */
    @Test
    void a_stream_of_another_group_gets_nothing() {
        assertMatches(
                false,
                "{\"format\":\"complex\",\"user\":{\"format\":\"email\",\"email\":\"jdoe@example.com\"},"
                        + "\"group\":{\"format\":\"did\",\"url\":\"did:example:123456\"}}",
                "{\"format\":\"complex\",\"user\":{\"format\":\"email\",\"email\":\"jdoe@example.com\"},"
                        + "\"group\":{\"format\":\"did\",\"url\":\"did:example:9999999\"}}");
    }

    @Test
    void simple_subjects_match_only_if_they_are_identical() {
        String user = "{\"format\":\"iss_sub\",\"iss\":\"i\",\"sub\":\"s\"}";

        assertMatches(true, user, user);
        assertMatches(false, user, "{\"format\":\"iss_sub\",\"iss\":\"i\",\"sub\":\"S\"}");
        assertMatches(false, user, "{\"format\":\"jwt_id\",\"iss\":\"i\",\"jti\":\"s\"}");
        assertMatches(false, user, "{\"format\":\"complex\",\"user\":" + user + "}");
        assertMatches(
                false,
                "{\"format\":\"email\",\"email\":\"User@example.com\"}",
                "{\"format\":\"email\",\"email\":\"user@example.com\"}");
        assertMatches(
                false,
                "{\"format\":\"ip-addresses\",\"ip-addresses\":[\"10.29.37.75\"]}",
                "{\"format\":\"ip-addresses\",\"ip-addresses\":[\"10.29.37.76\"]}");
    }

    private static void assertMatches(boolean expected, String one, String other) {
        assertThat(read(one).matches(read(other))).isEqualTo(expected);
        assertThat(read(other).matches(read(one))).isEqualTo(expected);
    }

    private static SubjectIdentifier read(String json) {
        try {
            return SubjectIdentifier.parse(StrictJson.object(json.getBytes(StandardCharsets.UTF_8)));
        } catch (NotStrictJsonException e) {
            throw new AssertionError(e);
        }
    }
}
