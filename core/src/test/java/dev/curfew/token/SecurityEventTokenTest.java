package dev.curfew.token;

import static dev.curfew.token.TestMessages.NOW;
import static dev.curfew.token.TestMessages.SESSION_REVOKED;
import static dev.curfew.token.TestMessages.isRefused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.token.EventTokenPolicy.Profile;
import dev.curfew.token.InvalidEventTokenException.Reason;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SET-01 to SET-08, as far as the token alone shows them. */
class SecurityEventTokenTest {
    private static final Profile SET = Profile.SECURITY_EVENT;
    private static final String LEGACY_VERIFICATION =
            "https://schemas.openid.net/secevent/risc/event-type/verification";

    private final EventTokenVerifier verifier = TestMessages.verifier(SET);
    private final EventTokenVerifier lenient = TestMessages.verifier(SET, EventTokenPolicy.Builder::lenient);
    private final EventTokenVerifier legacy = TestMessages.verifier(SET, EventTokenPolicy.Builder::legacySubject);

    @Test
    void a_good_event_says_what_it_says() {
        Map<String, Object> claims = TestMessages.claims(SET);
        claims.put("txn", "8675309");
        claims.put("toe", NOW - 30);
        claims.put("sid", "not-a-claim-of-events");

        EventToken token = verifier.verify(TestMessages.message(SET, claims));

        assertThat(token.id()).isEqualTo("m-1");
        assertThat(token.subjectIdentifier()).contains(new SubjectIdentifier.Opaque("idp-session-1"));
        assertThat(token.event().type()).isEqualTo(SESSION_REVOKED);
        assertThat(token.event().members()).containsEntry("event_timestamp", NOW - 20);
        assertThat(token.issuedAt()).isEqualTo(Instant.ofEpochSecond(NOW - 10));
        assertThat(token.happenedAt()).contains(Instant.ofEpochSecond(NOW - 30));
        assertThat(token.transaction()).contains("8675309");
        assertThat(token.subject()).isEmpty();
        assertThat(token.sessionId()).isEmpty();
        assertThat(token.expiresAt()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"iss, ISSUER", "aud, AUDIENCE", "iat, TIMES", "jti, CLAIM", "events, EVENT", "sub_id, SUBJECT"})
    void each_required_claim_is_required(String claim, Reason reason) {
        isRefused(verifier, TestMessages.without(SET, claim), reason);
        isRefused(verifier, TestMessages.withRaw(SET, claim, "null"), reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sub", "exp"})
    void what_the_framework_forbids_is_refused_and_passed_over_where_the_policy_is_lenient(String claim) {
        for (String json : new String[] {"1", "\"alice\"", "null"}) {
            isRefused(verifier, TestMessages.withRaw(SET, claim, json), Reason.CLAIM);

            EventToken token = lenient.verify(TestMessages.withRaw(SET, claim, json));
            assertThat(token.subject()).isEmpty();
            assertThat(token.expiresAt()).isEmpty();
        }
    }

    @Test
    void the_type_is_required_even_of_a_lenient_policy() {
        for (String type : new String[] {"secevent+jwt", "application/secevent+jwt", "SecEvent+JWT"}) {
            assertThat(verifier.verify(TestMessages.typed(SET, type))).isNotNull();
        }
        for (String type : new String[] {null, "JWT", "logout+jwt", "at+jwt", "secevent", "secevent+jwt;x=1"}) {
            isRefused(verifier, TestMessages.typed(SET, type), Reason.TYPE);
            isRefused(lenient, TestMessages.typed(SET, type), Reason.TYPE);
            isRefused(legacy, TestMessages.typed(SET, type), Reason.TYPE);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "null",
                "\"x\"",
                "{\"https://a.example\":{},\"https://b.example\":{}}",
                "{\"https://a.example\":null}",
                "{\"https://a.example\":true}",
                "{\"https://a.example\":\"x\"}",
                "{\"https://a.example\":[]}",
                "{\"\":{}}"
            })
    void events_is_exactly_one_event_and_that_an_object(String events) {
        isRefused(verifier, TestMessages.withRaw(SET, "events", events), Reason.EVENT);
        isRefused(lenient, TestMessages.withRaw(SET, "events", events), Reason.EVENT);
        isRefused(legacy, TestMessages.withRaw(SET, "events", events), Reason.EVENT);
    }

    @Test
    void any_age_is_accepted_and_no_future() {
        assertThat(verifier.verify(TestMessages.with(SET, "iat", 0)).issuedAt()).isEqualTo(Instant.EPOCH);
        assertThat(verifier.verify(TestMessages.with(SET, "iat", NOW + 10))).isNotNull();
        isRefused(verifier, TestMessages.with(SET, "iat", NOW + 11), Reason.TIMES);
        isRefused(verifier, TestMessages.with(SET, "toe", NOW + 11), Reason.TIMES);
        isRefused(verifier, TestMessages.with(SET, "nbf", NOW + 11), Reason.TIMES);
    }

    /** Annex C: else the cut-off would be for ever. */
    @Test
    void milliseconds_for_seconds_are_refused_wherever_they_stand() {
        isRefused(verifier, TestMessages.with(SET, "iat", NOW * 1000), Reason.TIMES);
        isRefused(verifier, TestMessages.with(SET, "toe", NOW * 1000), Reason.TIMES);
        isRefused(
                verifier,
                TestMessages.with(SET, "events", Map.of(SESSION_REVOKED, Map.of("event_timestamp", NOW * 1000))),
                Reason.TIMES);
        isRefused(
                verifier,
                TestMessages.with(SET, "events", Map.of(SESSION_REVOKED, Map.of("event_timestamp", "" + NOW))),
                Reason.TIMES);
    }

    @Test
    void both_spellings_of_an_audience_are_accepted() {
        assertThat(verifier.verify(TestMessages.with(SET, "aud", List.of("another", TestMessages.CLIENT))))
                .isNotNull();
        isRefused(verifier, TestMessages.with(SET, "aud", List.of("another")), Reason.AUDIENCE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "\"alice\"",
                "[]",
                "{}",
                "{\"format\":7}",
                "{\"format\":\"\"}",
                "{\"format\":\"opaque\"}",
                "{\"format\":\"opaque\",\"id\":null}",
                "{\"format\":\"opaque\",\"id\":\"\"}",
                "{\"format\":\"complex\"}"
            })
    void a_subject_that_is_none_is_refused(String subject) {
        isRefused(verifier, TestMessages.withRaw(SET, "sub_id", subject), Reason.SUBJECT);
        isRefused(legacy, TestMessages.withRaw(SET, "sub_id", subject), Reason.SUBJECT);
    }

    @Test
    void a_subject_of_an_unknown_format_is_kept_as_it_is() {
        EventToken token = verifier.verify(
                TestMessages.with(SET, "sub_id", Map.of("format", "catalog_item", "catalog_id", "c0384")));

        assertThat(token.subjectIdentifier())
                .contains(new SubjectIdentifier.Other(
                        "catalog_item", Map.of("format", "catalog_item", "catalog_id", "c0384")));
    }

    /** The dialect of Google, where the claim {@code sub_id} still counts if it is there. */
    @Test
    void the_subject_inside_the_event_is_read_where_the_policy_says_so() {
        Map<String, Object> claims = TestMessages.claims(SET);
        claims.remove("sub_id");
        claims.put(
                "events",
                Map.of(
                        "https://schemas.openid.net/secevent/risc/event-type/account-disabled",
                        Map.of(
                                "reason",
                                "hijacking",
                                "subject",
                                Map.of("subject_type", "iss-sub", "iss", "https://i.example", "sub", "73756"))));
        String token = TestMessages.message(SET, claims);

        assertThat(legacy.verify(token).subjectIdentifier())
                .contains(new SubjectIdentifier.IssSub("https://i.example", "73756"));
        isRefused(verifier, token, Reason.SUBJECT);
        isRefused(lenient, token, Reason.SUBJECT);
        claims.put("sub_id", Map.of("format", "opaque", "id", "x"));
        assertThat(legacy.verify(TestMessages.message(SET, claims)).subjectIdentifier())
                .contains(new SubjectIdentifier.Opaque("x"));
        assertThat(verifier.verify(TestMessages.message(SET, claims)).subjectIdentifier())
                .contains(new SubjectIdentifier.Opaque("x"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"subject\":null}",
                "{\"subject\":\"alice\"}",
                "{\"subject\":{}}",
                "{\"subject\":{\"subject_type\":7}}",
                "{\"subject\":{\"subject_type\":\"\"}}",
                "{\"subject\":{\"subject_type\":\"iss-sub\",\"iss\":\"https://i.example\"}}",
                "{\"subject\":{\"subject_type\":\"iss-sub\",\"iss\":\"https://i.example\",\"sub\":\"\"}}",
                "{\"subject\":{\"subject_type\":\"iss-sub\",\"iss\":7,\"sub\":\"7\"}}"
            })
    void an_old_subject_that_is_none_is_refused(String event) {
        Map<String, Object> claims = TestMessages.claims(SET);
        claims.remove("sub_id");
        claims.remove("events");
        String payload = TestIssuer.json(claims);
        String token = TestIssuer.token(
                "RS256",
                "{\"alg\":\"RS256\",\"typ\":\"secevent+jwt\"}",
                payload.substring(0, payload.length() - 1) + ",\"events\":{\"" + SESSION_REVOKED + "\":" + event
                        + "}}");

        isRefused(legacy, token, Reason.SUBJECT);
    }

    @Test
    void an_old_subject_of_another_type_is_kept_as_it_is() {
        Map<String, Object> claims = TestMessages.claims(SET);
        claims.remove("sub_id");
        Map<String, Object> subject = Map.of("subject_type", "oauth_token", "token", "abc");
        claims.put("events", Map.of(SESSION_REVOKED, Map.of("subject", subject)));

        assertThat(legacy.verify(TestMessages.message(SET, claims)).subjectIdentifier())
                .contains(new SubjectIdentifier.Other("oauth_token", subject));
    }

    @Test
    void the_old_verification_is_about_nobody_and_no_other_event_may_be() {
        Map<String, Object> claims = TestMessages.claims(SET);
        claims.remove("sub_id");
        claims.put("events", Map.of(LEGACY_VERIFICATION, Map.of("state", "s")));
        String token = TestMessages.message(SET, claims);

        assertThat(legacy.verify(token).subjectIdentifier()).isEmpty();
        assertThat(legacy.verify(token).event().members()).containsEntry("state", "s");
        isRefused(verifier, token, Reason.SUBJECT);
        claims.put("events", Map.of(SESSION_REVOKED, Map.of("state", "s")));
        isRefused(legacy, TestMessages.message(SET, claims), Reason.SUBJECT);
    }

    @Test
    void an_event_may_have_sixty_four_kib() {
        Map<String, Object> claims = TestMessages.claims(SET);
        claims.put("padding", "");
        int room = 64 * 1024 - TestMessages.message(SET, claims).length();
        claims.put("padding", "x".repeat(room / 4 * 3));
        String full = TestMessages.message(SET, claims);
        claims.put("padding", "x".repeat(room / 4 * 3 + 3));

        assertThat(full.length()).isGreaterThan(64 * 1024 - 4);
        assertThat(verifier.verify(full)).isNotNull();
        isRefused(verifier, TestMessages.message(SET, claims), Reason.TOO_LONG);
    }
}
