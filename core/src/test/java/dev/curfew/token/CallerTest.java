package dev.curfew.token;

import static dev.curfew.token.TestIssuer.REALM;
import static dev.curfew.token.TestIssuer.claims;
import static dev.curfew.token.TestIssuer.claimsWith;
import static dev.curfew.token.TestIssuer.claimsWithout;
import static dev.curfew.token.TestIssuer.policy;
import static dev.curfew.token.TestIssuer.token;
import static dev.curfew.token.TestIssuer.verifier;
import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.session.Evidence;
import dev.curfew.session.ForeignSessionId;
import dev.curfew.session.SessionId;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a caller says of who calls, whatever kind of credential it was. */
class CallerTest {
    private static final SubjectId ALICE = new SubjectId(REALM, "alice");
    private static final Instant SIGNED_IN = TestIssuer.NOW.minusSeconds(600);
    private static final SessionId OURS = SessionId.mint(ALICE, SIGNED_IN, new SecureRandom());

    private static Caller ours(Map<String, ?> claims) {
        return verifier(policy().sessionIds(SessionIds.OURS)).verify(token(claims));
    }

    private static Caller foreign(Map<String, ?> claims) {
        return verifier(policy().acceptPlainJwt()
                        .beganAt(BeganAt.ISSUED_AT)
                        .allowMissingSubject()
                        .allowMissingSessionId())
                .verify(token(claims));
    }

    @Test
    void a_session_of_ours_is_referred_to_by_its_id() {
        assertThat(ours(claimsWith("sid", OURS.value())).session()).contains(SessionRef.of(REALM, OURS));
    }

    @Test
    void a_foreign_session_is_referred_to_where_its_subject_is() {
        assertThat(foreign(claimsWith("sid", "idp-1")).session())
                .contains(SessionRef.of(ALICE, new ForeignSessionId("idp-1")));
    }

    @Test
    void a_foreign_session_of_nobody_is_unrouted() {
        Map<String, Object> claims = claimsWithout("sub");
        claims.put("sid", "idp-1");

        assertThat(foreign(claims).session())
                .contains(new SessionRef(REALM, new ForeignSessionId("idp-1"), SessionRef.UNROUTED));
    }

    @Test
    void a_handle_is_read_as_the_issuer_means_it() {
        Caller ours = ours(claimsWith("sid", OURS.value()));
        SessionId ofBob = SessionId.mint(new SubjectId(REALM, "bob"), SIGNED_IN, new SecureRandom());

        assertThat(ours.sessionNamed(ofBob.value())).contains(SessionRef.of(REALM, ofBob));
        assertThat(ours.sessionNamed("idp-1")).isEmpty();
        assertThat(foreign(claims()).sessionNamed("idp-1"))
                .contains(SessionRef.of(ALICE, new ForeignSessionId("idp-1")));
        assertThat(foreign(claims()).sessionNamed("")).isEmpty();
        assertThat(foreign(claimsWithout("sub")).sessionNamed("idp-1")).isEmpty();
    }

    @Test
    void the_token_tells_how_and_when_the_person_signed_in() {
        Map<String, Object> claims = claimsWith("sid", OURS.value());
        claims.put("auth_time", TestIssuer.NOW.minusSeconds(30).getEpochSecond());
        claims.put("acr", "phr");
        claims.put("amr", List.of("pwd", "otp"));

        assertThat(ours(claims).evidence())
                .contains(new Evidence(TestIssuer.NOW.minusSeconds(30), Optional.of("phr"), Set.of("pwd", "otp")));
    }

    @Test
    void without_auth_time_a_session_of_ours_tells_when() {
        Map<String, Object> claims = claimsWith("sid", OURS.value());
        claims.remove("auth_time");

        assertThat(ours(claims).evidence()).contains(new Evidence(SIGNED_IN, Optional.empty(), Set.of()));
    }

    @Test
    void nothing_tells_when_somebody_signed_in_at_another_provider_but_auth_time() {
        Map<String, Object> claims = claimsWith("sid", "idp-1");
        claims.remove("auth_time");
        claims.put("acr", "phr");

        assertThat(foreign(claims).evidence()).isEmpty();
    }

    @Test
    void claims_of_another_form_say_nothing_about_how() {
        Map<String, Object> claims = claimsWith("sid", OURS.value());
        claims.remove("auth_time");
        claims.put("acr", 2);
        claims.put("amr", Arrays.asList("pwd", 7, null));

        assertThat(ours(claims).evidence()).contains(new Evidence(SIGNED_IN, Optional.empty(), Set.of("pwd")));
    }
}
