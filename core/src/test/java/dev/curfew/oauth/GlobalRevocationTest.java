package dev.curfew.oauth;

import static dev.curfew.oauth.OauthHost.ALICE;
import static dev.curfew.oauth.OauthHost.API;
import static dev.curfew.oauth.OauthHost.WEB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.LoginResult.LoggedIn;
import dev.curfew.client.ClientAuthentication.Authenticated;
import dev.curfew.client.RegisteredClient;
import dev.curfew.http.EndpointRequest;
import dev.curfew.http.EndpointResponse;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.session.Realm;
import dev.curfew.session.SubjectId;
import dev.curfew.store.ForwardingSessionStore;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RevokeResult;
import dev.curfew.store.SessionStore;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.token.SubjectIdentifier.Email;
import dev.curfew.token.SubjectIdentifier.IssSub;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** draft-parecki-oauth-global-token-revocation: GTR-01 to GTR-03. */
class GlobalRevocationTest {
    private static final String BODY =
            "{\"sub_id\":{\"format\":\"iss_sub\",\"iss\":\"https://idp.example\",\"sub\":\"alice\"}}";
    private static final SubjectId FOREIGN = new SubjectId(Realm.of("partner"), "alice");

    private final OauthHost host = new OauthHost();
    private final GlobalRevocationEndpoint endpoint = GlobalRevocationEndpoint.of(
                    host.service, OauthHost.clients(), (identifier, caller) -> {
                        if (identifier instanceof IssSub issSub) {
                            return switch (issSub.sub()) {
                                case "alice" -> RevocationSubjects.of(Set.of(ALICE, FOREIGN));
                                case "foreign" -> RevocationSubjects.of(Set.of(FOREIGN));
                                case "robot" -> RevocationSubjects.notRevocable();
                                default -> RevocationSubjects.unknown();
                            };
                        }
                        return identifier instanceof Email
                                ? RevocationSubjects.notFound()
                                : RevocationSubjects.unsupported();
                    })
            .clock(host.clock)
            .build();

    private static EndpointRequest.Builder json(String body) {
        return EndpointRequest.of("POST")
                .header("Content-Type", "application/json")
                .body(body.getBytes(StandardCharsets.UTF_8));
    }

    private EndpointResponse revoke(String body) {
        return endpoint.answer(OauthHost.as(API, json(body)));
    }

    private static String subject(String format, String member, String value) {
        return "{\"sub_id\":{\"format\":\"" + format + "\",\"" + member + "\":\"" + value + "\"}}";
    }

    @Test
    void everything_of_the_subject_ends_and_a_new_login_lives() {
        LoggedIn login = host.loginOf(WEB);
        LoggedIn other = host.loginOf(OauthHost.APP);
        String access = host.accessToken(login.session());

        EndpointResponse response = revoke(BODY);

        assertThat(OauthHost.whole(response)).isEqualTo("204\nCache-Control: no-store\n\n");
        assertThat(host.isLive(login.session())).isFalse();
        assertThat(host.isLive(other.session())).isFalse();
        assertThat(host.isAccepted(access)).isFalse();
        assertThat(host.isLive(host.loginOf(WEB).session())).isTrue();
    }

    @Test
    void a_repeated_request_does_not_end_the_login_that_was_made_meanwhile() {
        host.loginOf(WEB);
        assertThat(revoke(BODY).status()).isEqualTo(204);
        LoggedIn meanwhile = host.loginOf(WEB);

        assertThat(revoke(BODY).status()).isEqualTo(204);
        assertThat(host.isLive(meanwhile.session())).isTrue();

        host.clock.advance(Duration.ofMinutes(1));
        assertThat(revoke(BODY).status()).isEqualTo(204);
        assertThat(host.isLive(meanwhile.session())).isFalse();
    }

    @Test
    void an_assertion_names_the_act_whenever_it_is_repeated() {
        GlobalRevocationEndpoint signed = GlobalRevocationEndpoint.of(
                        host.service,
                        request -> new Authenticated(
                                RegisteredClient.of(API),
                                true,
                                Optional.of(request.headers("X-Jti").get(0))),
                        (identifier, caller) -> RevocationSubjects.of(Set.of(ALICE)))
                .build();
        host.loginOf(WEB);
        EndpointRequest first = json(BODY).header("X-Jti", "1").build();
        assertThat(signed.answer(first).status()).isEqualTo(204);
        LoggedIn meanwhile = host.loginOf(WEB);
        host.clock.advance(Duration.ofMinutes(10));

        assertThat(signed.answer(first).status()).isEqualTo(204);
        assertThat(host.isLive(meanwhile.session())).isTrue();
        assertThat(signed.answer(json(BODY).header("X-Jti", "2").build()).status())
                .isEqualTo(204);
        assertThat(host.isLive(meanwhile.session())).isFalse();
    }

    @Test
    void a_caller_acts_on_the_subjects_of_its_realms_alone() {
        LoggedIn login = host.loginOf(WEB);
        String foreign = BODY.replace("\"alice\"", "\"foreign\"");

        EndpointResponse response = revoke(foreign);

        assertThat(response.status()).isEqualTo(403);
        assertThat(response.bodyText()).contains("access_denied");
        assertThat(host.isLive(login.session())).isTrue();
    }

    @Test
    void nobody_of_that_name_is_204_unless_the_host_says_404() {
        host.store.takeCalls();

        assertThat(revoke(BODY.replace("\"alice\"", "\"nobody\"")).status()).isEqualTo(204);
        assertThat(revoke(subject("email", "email", "alice@example.com")).status())
                .isEqualTo(404);
        assertThat(revoke(BODY.replace("\"alice\"", "\"robot\"")).status()).isEqualTo(422);
        assertThat(host.store.takeCalls()).isEmpty();
    }

    @Test
    void what_names_nobody_is_refused() {
        host.store.takeCalls();
        for (String body : List.of(
                "",
                "{}",
                "[]",
                "{\"sub_id\":null}",
                "{\"sub_id\":\"alice\"}",
                "{\"sub_id\":{}}",
                "{\"sub_id\":{\"format\":\"iss_sub\",\"iss\":\"https://idp.example\"}}",
                "{\"sub_id\":{\"format\":\"iss_sub\",\"iss\":\"https://idp.example\",\"sub\":7}}",
                subject("unheard-of", "id", "x"),
                subject("opaque", "id", "x"),
                BODY + "x",
                BODY.replace("}}", "},\"sub_id\":{}}"))) {
            EndpointResponse response = revoke(body);
            assertThat(response.status()).as(body).isEqualTo(400);
            assertThat(response.bodyText()).startsWith("{\"error\":\"invalid_request\"");
        }
        assertThat(host.store.takeCalls()).isEmpty();
    }

    @Test
    void who_calls_must_be_known_and_say_json() {
        assertThat(endpoint.answer(json(BODY).build()).status()).isEqualTo(401);
        assertThat(endpoint.answer(json(BODY)
                                .header("Authorization", OauthHost.basic("api", "wrong"))
                                .build())
                        .headers("WWW-Authenticate"))
                .isNotEmpty();
        assertThat(endpoint.answer(OauthHost.as(API, OauthHost.form("sub_id", "x")))
                        .status())
                .isEqualTo(415);
        assertThat(endpoint.answer(EndpointRequest.of("GET").build()).headers("Allow"))
                .containsExactly("POST");
        assertThat(revoke(" ".repeat(64 * 1024) + BODY).status()).isEqualTo(413);
    }

    @Test
    void an_outage_is_never_answered_as_success() {
        LoggedIn login = host.loginOf(WEB);
        host.store.goDown();
        EndpointResponse response = revoke(BODY);
        host.store.recover();

        assertThat(response.status()).isEqualTo(503);
        assertThat(response.headers("Retry-After")).containsExactly("2");
        assertThat(revoke(BODY).status()).isEqualTo(204);
        assertThat(host.isLive(login.session())).isFalse();
    }

    @Test
    void a_subject_that_cannot_be_revoked_now_leaves_the_others_no_longer_alive() {
        AtomicInteger revocations = new AtomicInteger();
        SessionStore failsFirst = new ForwardingSessionStore(InMemorySessionStore.create()) {
            @Override
            public RevokeResult revoke(RevocationRequest request, Precondition precondition, Instant now) {
                if (revocations.getAndIncrement() == 0) {
                    throw new StoreUnavailableException("the first", null);
                }
                return super.revoke(request, precondition, now);
            }
        };
        OauthHost several = new OauthHost(builder -> builder.store(failsFirst).authoritativeChecks());
        Set<SubjectId> people =
                Set.of(ALICE, new SubjectId(OauthHost.REALM, "bob"), new SubjectId(OauthHost.REALM, "eve"));
        GlobalRevocationEndpoint all = GlobalRevocationEndpoint.of(
                        several.service, OauthHost.clients(), (identifier, caller) -> RevocationSubjects.of(people))
                .clock(several.clock)
                .build();

        assertThat(all.answer(OauthHost.as(API, json(BODY))).status()).isEqualTo(503);
        assertThat(revocations).hasValue(3);
        assertThat(all.answer(OauthHost.as(API, json(BODY))).status()).isEqualTo(204);
    }
}
