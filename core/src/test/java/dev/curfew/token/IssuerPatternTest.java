package dev.curfew.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which texts are a tenant, to the first and the last of them: what a forger writes there chooses keys and a realm. */
class IssuerPatternTest {
    private static final IssuerPattern PATH = IssuerPattern.of("forIssuers", "https://login.example.com/{tenant}/v2.0");
    private static final IssuerPattern HOST = IssuerPattern.of("forIssuers", "https://{tenant}.eu.auth.example/");

    @ParameterizedTest
    @ValueSource(strings = {"a", "z", "0", "9", "A", "Z", "a-b", "a_b", "a--b", "a-", "a_", "x0Z9", "common"})
    void a_segment_of_a_path_is_a_tenant(String name) {
        assertThat(PATH.tenantOf("https://login.example.com/" + name + "/v2.0")).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "z", "0", "9", "a-b", "a--b", "x0z9", "xn--bcher-kva"})
    void a_label_of_a_host_is_a_tenant(String name) {
        assertThat(HOST.tenantOf("https://" + name + ".eu.auth.example/")).isEqualTo(name);
    }

    /** The neighbours of what is allowed, and what leads to another path or host. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "-a", "_a", ".", "..", "a.b", "a/b", "a:b", "a@b", "a[b", "a`b", "a{b", "a%2fb", "a b", "a+b", "a\\b",
                "a?b", "a#b", "é", "aé", "ａ", "a\u0660", "a\u0000", "/a", ":a", "@a", "[a", "`a", "{a"
            })
    void nothing_else_is_a_tenant_of_either(String name) {
        assertThat(PATH.tenantOf("https://login.example.com/" + name + "/v2.0")).isNull();
        assertThat(HOST.tenantOf("https://" + name + ".eu.auth.example/")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"A", "aB", "a_b", "a-", "Z9"})
    void what_no_host_name_has_is_no_tenant_there(String name) {
        assertThat(PATH.isTenant(name)).isTrue();
        assertThat(HOST.isTenant(name)).isFalse();
    }

    @Test
    void a_tenant_has_1_to_63_characters() {
        for (IssuerPattern pattern : new IssuerPattern[] {PATH, HOST}) {
            assertThat(pattern.isTenant("")).isFalse();
            assertThat(pattern.isTenant("x".repeat(63))).isTrue();
            assertThat(pattern.isTenant("x".repeat(64))).isFalse();
            assertThat(pattern.tenantOf(pattern.of(""))).isNull();
            assertThat(pattern.tenantOf(pattern.of("acme"))).isEqualTo("acme");
        }
    }

    /** What stands before and after must not share its characters. */
    @Test
    void an_address_that_is_too_short_for_both_ends_is_no_match() {
        IssuerPattern pattern = IssuerPattern.of("forIssuers", "https://a.example/x/{tenant}/x/");

        assertThat(pattern.tenantOf("https://a.example/x/x/")).isNull();
        assertThat(pattern.tenantOf("https://a.example/x/")).isNull();
        assertThat(pattern.tenantOf("https://a.example/x/t/x/")).isEqualTo("t");
    }

    /** A tenant of a registry's domain would be somebody else's. */
    @Test
    void in_a_host_name_two_labels_follow_the_place() {
        assertThat(IssuerPattern.of("forIssuers", "https://{tenant}.auth.example/")
                        .tenantOf("https://a.auth.example/"))
                .isEqualTo("a");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IssuerPattern.of("forIssuers", "https://{tenant}.example/"))
                .withMessageContaining("two others");
    }

    @Test
    void a_pattern_says_where_its_place_is() {
        assertThat(PATH.isInHost()).isFalse();
        assertThat(HOST.isInHost()).isTrue();
        assertThat(PATH).hasToString("https://login.example.com/{tenant}/v2.0");
    }

    /** Two that an address could match both would let the order of the policies decide. */
    @ParameterizedTest
    @CsvSource({
        "https://a.example/{t}/v2.0, https://a.example/{t}/v2.0, true",
        "https://a.example/{t}/v2.0, https://a.example/{t}/v1.0, false",
        "https://a.example/{t}/v2.0, https://b.example/{t}/v2.0, false",
        "https://a.example/{t}, https://a.example/{t}/v2.0, true",
        "https://a.example/x/{t}, https://a.example/{t}, true",
        "https://a.example/x/{t}/v1, https://a.example/{t}/v2, false"
    })
    void patterns_that_an_address_may_match_both_meet(String one, String other, boolean meet) {
        IssuerPattern first = IssuerPattern.of("forIssuers", one);
        IssuerPattern second = IssuerPattern.of("forIssuers", other);

        assertThat(first.mayMeet(second)).isEqualTo(meet);
        assertThat(second.mayMeet(first)).isEqualTo(meet);
    }
}
