package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.curfew.StepUpResult.Refused;
import dev.curfew.StepUpResult.Refused.Why;
import dev.curfew.StepUpResult.Resumed;
import dev.curfew.contract.TestTokens;
import dev.curfew.crypto.Sealer;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Realm;
import dev.curfew.token.RenewResult;
import dev.curfew.token.SessionAuthentication.Authenticated;
import dev.curfew.token.SessionCaller;
import dev.curfew.token.VerifiedToken;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A step-up that is carried across a redirect. */
class SealedStepUpsTest {
    private static final byte[] KEY = key(1);

    private final TestHost host = TestHost.start(builder -> builder.loginSealingKey(KEY));
    private final SessionService otherNode = host.node(host.clock, builder -> builder.loginSealingKey(KEY));
    private final String token = login();
    private final SessionCaller caller = caller(token);

    private static byte[] key(int seed) {
        byte[] key = new byte[Sealer.KEY_BYTES];
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) (seed * 31 + i * 7);
        }
        return key;
    }

    private String login() {
        LoginResult result =
                host.service.beginLogin(host.alice).withSessionToken().complete(DeviceInfo.unknown());
        return ((LoginResult.LoggedIn) result).token().orElseThrow().reveal();
    }

    private SessionCaller caller(String of) {
        return ((Authenticated) host.service.credentials().authenticate(TestHost.REALM, of)).caller();
    }

    private String sealed() {
        return host.service.credentials().beginStepUp(caller).seal();
    }

    private StepUpResult resume(String sealed) {
        return otherNode.credentials().resumeStepUp(caller, sealed);
    }

    @Test
    void another_node_with_the_same_key_takes_it_up_as_it_was_begun() {
        String sealed = sealed();
        Instant begun = host.now();
        host.clock.advance(Duration.ofMinutes(10));

        StepUp stepUp = ((Resumed) resume(sealed)).stepUp();
        RenewResult result = stepUp.complete("urn:mfa", Set.of("otp"), token);

        assertThat(stepUp.evidence("urn:mfa", Set.of()).at()).isEqualTo(begun);
        SessionCaller after = caller(((RenewResult.Renewed) result).token().reveal());
        assertThat(after.evidence().orElseThrow().at()).isEqualTo(begun);
        assertThat(after.session()).isEqualTo(caller.session());
    }

    @Test
    void neither_step_asks_the_store() {
        host.store.goDown();
        host.store.takeCalls();

        assertThat(resume(sealed())).isInstanceOf(Resumed.class);
        assertThat(host.store.takeCalls()).isEmpty();
    }

    @Test
    void a_token_of_the_issuer_may_call_for_the_session_as_well() {
        VerifiedToken sameSession = host.tokens.of(caller.currentSession());

        assertThat(otherNode.credentials().resumeStepUp(sameSession, sealed())).isInstanceOf(Resumed.class);
    }

    @Test
    void it_is_of_one_session_and_no_other_of_the_same_person() {
        SessionCaller other = caller(login());

        assertThat(otherNode.credentials().resumeStepUp(other, sealed())).isEqualTo(new Refused(Why.OTHER_SESSION));
    }

    @Test
    void the_same_handle_in_another_realm_is_another_session() {
        TestTokens third = TestTokens.foreign(Realm.of("third"), host.clock);
        VerifiedToken here = host.partner.draft("alice").with("sid", "sid-1").verified();
        VerifiedToken there = third.draft("alice").with("sid", "sid-1").verified();
        String sealed = host.service.credentials().beginStepUp(here).seal();

        assertThat(otherNode.credentials().resumeStepUp(there, sealed)).isEqualTo(new Refused(Why.OTHER_SESSION));
        assertThat(otherNode.credentials().resumeStepUp(here, sealed)).isInstanceOf(Resumed.class);
    }

    @Test
    void it_is_good_for_just_under_an_hour_from_its_beginning_however_often_it_is_sealed() {
        String sealed = sealed();
        host.clock.advance(Duration.ofMinutes(30));
        String again = ((Resumed) resume(sealed)).stepUp().seal();

        host.clock.advance(Duration.ofMinutes(30).minusMillis(1));
        assertThat(resume(sealed)).isInstanceOf(Resumed.class);
        assertThat(resume(again)).isInstanceOf(Resumed.class);
        host.clock.advance(Duration.ofMillis(1));
        assertThat(resume(sealed)).isEqualTo(new Refused(Why.TOO_OLD));
        assertThat(resume(again)).isEqualTo(new Refused(Why.TOO_OLD));
    }

    @Test
    void a_login_is_no_step_up_and_a_step_up_no_login() {
        String stepUp = sealed();
        LoginAttempt plain = host.service.beginLogin(host.alice);

        for (String login : List.of(plain.seal(), plain.withSessionToken().seal())) {
            assertThat(resume(login)).isEqualTo(new Refused(Why.UNREADABLE));
        }
        assertThat(otherNode.resumeLogin(stepUp)).isEmpty();
    }

    @Test
    void another_key_does_not_open_it() {
        SessionService stranger = host.node(host.clock, builder -> builder.loginSealingKey(key(2)));

        assertThat(stranger.credentials().resumeStepUp(caller, sealed())).isEqualTo(new Refused(Why.UNREADABLE));
    }

    @Test
    void a_change_of_any_byte_makes_it_worthless() {
        byte[] sealed = Base64.getUrlDecoder().decode(sealed());

        for (int i = 0; i < sealed.length; i++) {
            byte[] tampered = sealed.clone();
            tampered[i] ^= 0x01;
            String text = Base64.getUrlEncoder().withoutPadding().encodeToString(tampered);
            assertThat(resume(text)).as("byte %d", i).isEqualTo(new Refused(Why.UNREADABLE));
        }
    }

    @Test
    void whatever_else_comes_along_is_no_step_up() {
        Sealer sealer = Sealer.withKey(KEY);
        String sealed = sealed();

        for (String text : List.of(
                "",
                "x",
                "A".repeat(24),
                "%%%",
                "é",
                sealed + "A",
                sealed.substring(4),
                sealed.repeat(9),
                token,
                sealer.seal(new byte[24], "something else"),
                sealer.seal(new byte[23], "curfew-step-up-1"),
                sealer.seal(new byte[25], "curfew-step-up-1"))) {
            assertThat(resume(text)).as(text).isEqualTo(new Refused(Why.UNREADABLE));
        }
        assertThat(resume(sealer.seal(new byte[24], "curfew-step-up-1"))).isEqualTo(new Refused(Why.OTHER_SESSION));
    }

    @Test
    void the_text_travels_in_a_cookie_or_a_url_and_shows_nothing() {
        assertThat(sealed()).matches("[A-Za-z0-9_-]+").isNotEqualTo(sealed());
        assertThat(new String(Base64.getUrlDecoder().decode(sealed()), StandardCharsets.ISO_8859_1))
                .doesNotContain("shop", caller.currentSession().handle().value());
    }

    @Test
    void a_caller_without_a_session_takes_up_none() {
        VerifiedToken loose = host.partner.draft("alice").verified();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> otherNode.credentials().resumeStepUp(loose, sealed()));
    }
}
