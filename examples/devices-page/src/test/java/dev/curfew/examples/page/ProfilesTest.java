package dev.curfew.examples.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Route;
import dev.curfew.RevocationCause;
import dev.curfew.SessionService;
import dev.curfew.examples.page.PageHost.SignedIn;
import dev.curfew.http.Profile;
import dev.curfew.http.SessionIdErrors;
import dev.curfew.memory.InMemoryRateLimiter;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Session;
import dev.curfew.store.SessionStore;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Both profiles of answers, with access tokens and cookies, and what else than success they say. */
class ProfilesTest extends PageTest {
    private static final String BEARER = "credential='bearer' events sign-in='/login' prove='/prove'";

    private PageHost host(Profile profile) throws IOException {
        return host(storeOfAlice(), profile, UnaryOperator.identity()).with(BEARER);
    }

    @ParameterizedTest
    @EnumSource(Profile.class)
    void with_access_tokens_devices_are_listed_named_and_ended_one_by_one_and_all_together(Profile profile)
            throws IOException {
        PageHost host = host(profile);
        SignedIn here = host.signIn(ALICE, laptop());
        Somebody alice =
                somebody(host).withTokens(host.tokens().of(here.session())).opensList();
        assertThat(alice.otherNames()).hasSize(6);

        alice.find(".curfew-rename").first().click();
        alice.find(".curfew-input").fill("My laptop");
        alice.press("Enter");
        alice.reads(".curfew-name", "My laptop");
        alice.find(".curfew-row .curfew-button").nth(1).click();
        alice.reads(".curfew-toast", "Safari on iPhone");
        assertThat(alice.otherNames()).hasSize(5);
        alice.find(".curfew-head button").click();
        alice.find(".curfew-danger").click();
        alice.reads(".curfew-toast", "5 other devices are signed out.");
        // A look at the list that is still on its way may be answered when this session has ended.
        alice.whoIsRefused();
        alice.find(".curfew-row .curfew-button").click();

        alice.reads(".curfew-over", "You have signed out on this device.");
        assertThat(host.isStill(here)).isFalse();
    }

    @ParameterizedTest
    @EnumSource(Profile.class)
    void a_token_that_has_expired_is_replaced_by_the_next_one_of_the_host(Profile profile) throws IOException {
        PageHost host = host(profile);
        Session here = host.signIn(ALICE, laptop()).session();
        Somebody alice = somebody(host)
                .withTokens(host.tokens().expired(here), host.tokens().of(here))
                .whoIsRefused()
                .opensList();

        assertThat(alice.otherNames()).hasSize(6);
    }

    @ParameterizedTest
    @EnumSource(Profile.class)
    void whoever_was_signed_out_is_told_why(Profile profile) throws IOException {
        PageHost host = host(profile);
        Session here = host.signIn(ALICE, laptop()).session();
        Somebody alice =
                somebody(host).withTokens(host.tokens().of(here)).whoIsRefused().opensList();

        host.sessions()
                .revokeAllSessions(here.subject(), RevocationCause.byAdmin(RevocationReason.CREDENTIAL_CHANGED, "ops"));

        alice.reads(".curfew-over", "Your password has changed. Please sign in with the new one.");
    }

    @Test
    void a_sign_in_that_expired_and_one_that_never_was_are_told_as_that() throws IOException {
        PageHost host = host(Profile.GUIDE);
        Session here = host.signIn(ALICE, laptop()).session();
        Somebody alice = somebody(host).withTokens(host.tokens().expired(here)).whoIsRefused();
        alice.opens();
        alice.reads(".curfew-over", "Your sign-in has expired.");
        Somebody nobody = somebody(host).whoIsRefused();
        host.with("sign-in='/login'");
        nobody.opens();
        nobody.reads(".curfew-over", "Please sign in to see your devices.");
    }

    @Test
    void a_token_without_a_session_shows_the_list_and_no_way_to_end_what_would_be_this_one() throws IOException {
        PageHost host = host(Profile.STANDARDS);
        Session here = host.signIn(ALICE, laptop()).session();
        Somebody alice = somebody(host).withTokens(host.tokens().withoutSession(here));
        alice.opensList();

        assertThat(alice.otherNames()).hasSize(7);
        alice.reads(".curfew-hint", "This sign-in is not in the list.");
        assertThat(alice.find(".curfew-head button").isVisible()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(Profile.class)
    void too_many_calls_are_told_with_the_time_to_wait(Profile profile) throws IOException {
        PageHost host = host(
                        storeOfAlice(),
                        profile,
                        endpoints -> endpoints.rateLimiter(InMemoryRateLimiter.of(2, Duration.ofSeconds(30))))
                .with("credential='bearer'");
        Session here = host.signIn(ALICE, laptop()).session();
        Somebody alice =
                somebody(host).withTokens(host.tokens().of(here)).whoIsRefused().opensList();
        alice.page().evaluate("document.querySelector('curfew-devices').reload()");
        alice.page().evaluate("document.querySelector('curfew-devices').reload()");

        alice.reads(".curfew-notice", "That was too much at once. Please wait");

        assertThat(alice.find(".curfew-notice").textContent()).matches(".* wait \\d+ seconds\\..*");
        assertThat(alice.otherNames()).hasSize(6);
    }

    @ParameterizedTest
    @EnumSource(Profile.class)
    void a_proof_that_is_demanded_is_asked_for_and_the_person_stays_signed_in(Profile profile) throws IOException {
        SessionStore store = InMemorySessionStore.create();
        SignedIn here;
        try (SessionService before = PageHost.before(store, new PastClock(Duration.ofHours(1)))) {
            PageHost.signIn(before, ALICE, DeviceInfo.of("Another one"));
            here = PageHost.signIn(before, ALICE, laptop());
        }
        PageHost host = host(store, profile, endpoints -> endpoints.demandProof(Duration.ofMinutes(5)))
                .with("prove='/prove'");
        Somebody alice = somebody(host).withCookie(here.token()).whoIsRefused().opensList();

        alice.find(".curfew-row .curfew-button").nth(1).click();

        alice.reads(".curfew-notice", "To do that, please confirm first that it is you.");
        assertThat(alice.find(".curfew-notice a").getAttribute("href")).isEqualTo("/prove");
        assertThat(alice.otherNames()).containsExactly("Another one");
        alice.look("proof");
        alice.find(".curfew-notice button").click();
        alice.readsNoMore(".curfew-notice");
    }

    @ParameterizedTest
    @EnumSource(SessionIdErrors.class)
    void a_device_that_is_still_there_is_not_told_to_be_gone_however_the_call_is_refused(SessionIdErrors errors)
            throws IOException {
        PageHost host = host(storeOfAlice(), Profile.GUIDE, endpoints -> endpoints.errors(errors))
                .with("");
        Session bobs = host.signIn("bob", laptop()).session();
        SignedIn here = host.signIn(ALICE, laptop());
        Somebody alice = somebody(host).withCookie(here.token()).whoIsRefused().opensList();
        // The page asks for nobody else's by itself.
        URI foreign = host.uri().resolve("/api/auth/sessions/" + bobs.handle().value());
        alice.page()
                .route(
                        "**/api/auth/sessions/*",
                        route -> route.resume(new Route.ResumeOptions().setUrl(foreign.toString())));

        alice.find(".curfew-row .curfew-button").nth(1).click();

        alice.reads(".curfew-notice", "That was refused, and nothing was changed.");
        alice.reads(".curfew-name", "Safari on iPhone");
        assertThat(alice.find(".curfew-toast").textContent()).isEmpty();
    }
}
