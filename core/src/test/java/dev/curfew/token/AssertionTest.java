package dev.curfew.token;

import static dev.curfew.token.TestMessages.NOW;
import static dev.curfew.token.TestMessages.isRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.curfew.token.EventTokenPolicy.Profile;
import dev.curfew.token.InvalidEventTokenException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** RFC 7523 section 3, and the bearer of a Global Token Revocation request as Okta signs it; status list tokens. */
class AssertionTest {
    private final EventTokenVerifier clients = TestMessages.verifier(Profile.CLIENT_ASSERTION);
    private final EventTokenVerifier okta = TestMessages.verifier(Profile.REVOCATION_ASSERTION);
    private final EventTokenVerifier lists = TestMessages.verifier(Profile.STATUS_LIST);

    @Test
    void a_good_client_assertion_says_who_the_client_is() {
        EventToken token = clients.verify(TestMessages.message(Profile.CLIENT_ASSERTION));

        assertThat(token.subject()).contains(TestIssuer.ISSUER);
        assertThat(token.id()).isEqualTo("m-1");
        assertThat(token.expiresAt()).contains(Instant.ofEpochSecond(NOW + 110));
        assertThatIllegalStateException().isThrownBy(token::event).withMessageContaining("CLIENT_ASSERTION");
    }

    @Test
    void a_client_speaks_of_itself_alone() {
        isRefused(clients, TestMessages.with(Profile.CLIENT_ASSERTION, "sub", "another"), Reason.CLAIM);
        isRefused(clients, TestMessages.without(Profile.CLIENT_ASSERTION, "sub"), Reason.CLAIM);
        isRefused(clients, TestMessages.with(Profile.CLIENT_ASSERTION, "iss", "another"), Reason.ISSUER);
    }

    @ParameterizedTest
    @EnumSource(names = {"CLIENT_ASSERTION", "REVOCATION_ASSERTION"})
    void an_assertion_is_for_us_and_for_nobody_else(Profile profile) {
        EventTokenVerifier verifier = TestMessages.verifier(profile);

        assertThat(verifier.verify(TestMessages.with(profile, "aud", List.of(TestMessages.CLIENT))))
                .isNotNull();
        for (Object other : List.of("another", List.of(), List.of(TestMessages.CLIENT, "another"), 7)) {
            isRefused(verifier, TestMessages.with(profile, "aud", other), Reason.AUDIENCE);
        }
        isRefused(
                verifier,
                TestMessages.with(profile, "aud", List.of(TestMessages.CLIENT, TestMessages.CLIENT)),
                Reason.AUDIENCE);
    }

    @ParameterizedTest
    @EnumSource(names = {"CLIENT_ASSERTION", "REVOCATION_ASSERTION"})
    void an_assertion_lives_for_five_minutes_at_most(Profile profile) {
        EventTokenVerifier verifier = TestMessages.verifier(profile);

        assertThat(verifier.verify(TestMessages.with(profile, "exp", NOW - 10 + 300 + 10)))
                .isNotNull();
        isRefused(verifier, TestMessages.with(profile, "exp", NOW - 10 + 300 + 11), Reason.TIMES);
        isRefused(verifier, TestMessages.with(profile, "exp", NOW - 10), Reason.EXPIRED);
        isRefused(verifier, TestMessages.with(profile, "iat", NOW + 11), Reason.TIMES);
        isRefused(verifier, TestMessages.with(profile, "nbf", NOW + 11), Reason.TIMES);
        isRefused(verifier, TestMessages.without(profile, "exp"), Reason.TIMES);
        isRefused(verifier, TestMessages.without(profile, "jti"), Reason.CLAIM);
        assertThat(TestMessages.verifier(profile, policy -> policy.maxLifetime(Duration.ofMinutes(10)))
                        .verify(TestMessages.with(profile, "exp", NOW + 590)))
                .isNotNull();
    }

    /** RFC 7523 section 3 demands no {@code iat}; the limit then counts from now. */
    @Test
    void a_client_assertion_without_iat_lives_no_longer() {
        Map<String, Object> claims = TestMessages.claims(Profile.CLIENT_ASSERTION);
        claims.remove("iat");
        claims.put("exp", NOW + 310);

        EventToken token = clients.verify(TestMessages.message(Profile.CLIENT_ASSERTION, claims));
        assertThat(token.issuedAt()).isEqualTo(Instant.ofEpochSecond(NOW + 10));
        claims.put("exp", NOW + 311);
        isRefused(clients, TestMessages.message(Profile.CLIENT_ASSERTION, claims), Reason.TIMES);
        isRefused(okta, TestMessages.without(Profile.REVOCATION_ASSERTION, "iat"), Reason.TIMES);
    }

    @Test
    void the_type_of_a_revocation_assertion_is_its_own() {
        assertThat(okta.verify(TestMessages.message(Profile.REVOCATION_ASSERTION))
                        .subject())
                .isEmpty();
        assertThat(okta.verify(TestMessages.with(Profile.REVOCATION_ASSERTION, "sub", "app"))
                        .subject())
                .contains("app");
        for (String type : new String[] {null, "JWT", "at+jwt", "logout+jwt"}) {
            isRefused(okta, TestMessages.typed(Profile.REVOCATION_ASSERTION, type), Reason.TYPE);
        }
    }

    @Test
    void the_type_of_a_client_assertion_is_plain_or_its_own() {
        for (String type : new String[] {null, "JWT", "client-authentication+jwt"}) {
            assertThat(clients.verify(TestMessages.typed(Profile.CLIENT_ASSERTION, type)))
                    .isNotNull();
        }
        for (String type : new String[] {"at+jwt", "logout+jwt", "dpop+jwt", "oauth-authz-req+jwt", ""}) {
            isRefused(clients, TestMessages.typed(Profile.CLIENT_ASSERTION, type), Reason.TYPE);
        }
    }

    /** TSL-04, TSL-07; {@code iss} is none of its claims, and if it is there it must be right. */
    @Test
    void a_status_list_names_its_address_and_needs_no_audience() {
        EventToken list = lists.verify(TestMessages.message(Profile.STATUS_LIST));

        assertThat(list.subject()).contains("https://example.com/statuslists/1");
        assertThat(list.id()).isNotEmpty();
        assertThat(list.expiresAt()).contains(Instant.ofEpochSecond(NOW + 3600));
        assertThat(lists.verify(TestMessages.without(Profile.STATUS_LIST, "exp"))
                        .expiresAt())
                .isEmpty();
        assertThat(lists.verify(TestMessages.without(Profile.STATUS_LIST, "iss"))
                        .issuer())
                .isEqualTo(TestIssuer.ISSUER);
        isRefused(lists, TestMessages.with(Profile.STATUS_LIST, "iss", "another"), Reason.ISSUER);
        isRefused(lists, TestMessages.without(Profile.STATUS_LIST, "sub"), Reason.CLAIM);
        isRefused(lists, TestMessages.without(Profile.STATUS_LIST, "iat"), Reason.TIMES);
        isRefused(lists, TestMessages.without(Profile.STATUS_LIST, "status_list"), Reason.CLAIM);
        isRefused(lists, TestMessages.with(Profile.STATUS_LIST, "status_list", "x"), Reason.CLAIM);
        isRefused(lists, TestMessages.with(Profile.STATUS_LIST, "exp", NOW - 10), Reason.EXPIRED);
        for (String type : new String[] {null, "JWT", "statuslist+cwt", "secevent+jwt"}) {
            isRefused(lists, TestMessages.typed(Profile.STATUS_LIST, type), Reason.TYPE);
        }
    }

    /** Every message of one profile, at the verifier of every other one of the same issuer and audience. */
    @Test
    void no_message_is_taken_for_one_of_another_profile() {
        for (Profile sent : Profile.values()) {
            for (Profile asked : Profile.values()) {
                EventTokenVerifier verifier = TestMessages.verifier(asked);
                String message = TestMessages.message(sent);
                if (sent == asked) {
                    assertThat(verifier.verify(message).profile()).isEqualTo(asked);
                } else if (sent == Profile.CLIENT_ASSERTION && asked == Profile.LOGOUT) {
                    isRefused(verifier, message, Reason.EVENT);
                } else {
                    isRefused(verifier, message, Reason.TYPE);
                }
            }
        }
    }
}
