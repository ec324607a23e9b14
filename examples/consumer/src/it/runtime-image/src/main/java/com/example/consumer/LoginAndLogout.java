package com.example.consumer;

import dev.curfew.LoginResult;
import dev.curfew.SessionService;
import dev.curfew.http.EndpointRequest;
import dev.curfew.http.EndpointResponse;
import dev.curfew.http.SessionEndpoints;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Realm;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.session.SubjectId;
import dev.curfew.store.SessionStore;
import dev.curfew.token.SessionAuthentication;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A session with a secret of its own, which is worth nothing after its logout. */
final class LoginAndLogout {
    private static final Realm SHOP = Realm.of("shop");

    private LoginAndLogout() {}

    static void in(SessionStore store) {
        try (SessionService sessions = SessionService.builder()
                .store(store)
                .storeSessionsUnencrypted()
                .trustTokensOlderThanStore()
                .lifetimes(SessionLifetimes.aal2())
                .maxTokenLifetime(Duration.ofMinutes(15))
                .build()) {
            LoginResult login = sessions.beginLogin(new SubjectId(SHOP, "alice"))
                    .withSessionToken()
                    .complete(DeviceInfo.of("Firefox on Linux"));
            String token = ((LoginResult.LoggedIn) login).token().orElseThrow().reveal();
            require(isGood(sessions, token), "the session is not good");

            // The answers come out of a bundle of texts, the statements and scripts out of resources.
            SessionEndpoints endpoints =
                    SessionEndpoints.builder().service(sessions).sessionTokens(SHOP).build();
            EndpointResponse answer = endpoints.logout(EndpointRequest.of("POST")
                    .header("Authorization", "Bearer " + token)
                    .header("Accept-Language", "es")
                    .build());
            String body = new String(answer.body(), StandardCharsets.UTF_8);
            require(answer.status() == 200, "not logged out: " + answer.status());
            require(body.contains("Sesi\u00f3n"), "not in Spanish: " + body);
            require(!isGood(sessions, token), "the session lives on");
        }
    }

    private static boolean isGood(SessionService sessions, String token) {
        return sessions.credentials().authenticate(SHOP, token) instanceof SessionAuthentication.Authenticated;
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new AssertionError(otherwise);
        }
    }
}
