package dev.curfew.issuers;

import dev.curfew.session.Realm;
import dev.curfew.token.BeganAt;
import dev.curfew.token.SessionIds;
import dev.curfew.token.TokenKeys;
import dev.curfew.token.TokenPolicy;
import java.time.Duration;

/** A policy for each known provider. The page about issuers shows these methods, and a test compares the two. */
final class IssuerPolicies {
    private IssuerPolicies() {}

    static TokenPolicy keycloak(TokenKeys keys) {
        return TokenPolicy.forIssuer(Realm.of("staff"), "https://sso.example.com/realms/staff")
                .keys(keys)
                .audience("orders-api")
                .acceptPlainJwt()
                .require("typ", "Bearer")
                .sessionIds(SessionIds.FOREIGN)
                .maxTokenLifetime(Duration.ofMinutes(15))
                .build();
    }

    static TokenPolicy auth0(TokenKeys keys) {
        return TokenPolicy.forIssuer(Realm.of("auth0"), "https://acme.eu.auth0.com/")
                .keys(keys)
                .audience("https://api.example.com")
                .acceptPlainJwt()
                .sessionIds(SessionIds.NONE)
                .beganAt(BeganAt.ISSUED_AT)
                .maxTokenLifetime(Duration.ofHours(24))
                .build();
    }

    static TokenPolicy okta(TokenKeys keys) {
        return TokenPolicy.forIssuer(Realm.of("okta"), "https://acme.okta.com/oauth2/default")
                .keys(keys)
                .audience("api://default")
                .acceptPlainJwt()
                .subjectClaims("uid", "sub")
                .clientClaims("cid")
                .sessionIds(SessionIds.NONE)
                .beganAt(BeganAt.ISSUED_AT)
                .maxTokenLifetime(Duration.ofHours(1))
                .build();
    }

    static TokenPolicy entraV1(TokenKeys keys) {
        return TokenPolicy.forIssuer(Realm.of("entra"), "https://sts.windows.net/72f988bf-86f1-41af-91ab-2d7cd011db47/")
                .keys(keys)
                .audience("api://orders")
                .acceptPlainJwt()
                .require("ver", "1.0")
                .subjectClaims("oid")
                .clientClaims("appid")
                .tokenIdClaims("uti")
                .sessionIds(SessionIds.FOREIGN)
                .allowMissingSessionId()
                .beganAt(BeganAt.ISSUED_AT)
                .sharesRealm()
                .maxTokenLifetime(Duration.ofMinutes(90))
                .build();
    }

    static TokenPolicy entraV2(TokenKeys keys) {
        return TokenPolicy.forIssuer(
                        Realm.of("entra"),
                        "https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47/v2.0")
                .keys(keys)
                .audience("6e74172b-be56-4843-9ff4-e66a39bb12e3")
                .acceptPlainJwt()
                .require("ver", "2.0")
                .subjectClaims("oid")
                .clientClaims("azp")
                .tokenIdClaims("uti")
                .sessionIds(SessionIds.FOREIGN)
                .allowMissingSessionId()
                .beganAt(BeganAt.ISSUED_AT)
                .sharesRealm()
                .maxTokenLifetime(Duration.ofMinutes(90))
                .build();
    }

    static TokenPolicy cognito(TokenKeys keys) {
        return TokenPolicy.forIssuer(
                        Realm.of("cognito"), "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Example")
                .keys(keys)
                .anyAudience()
                .acceptPlainJwt()
                .require("token_use", "access")
                .allowedClients("57cbishk4j24pabc1234567890")
                .sessionIds(SessionIds.FOREIGN)
                .sessionIdClaims("origin_jti")
                .maxTokenLifetime(Duration.ofHours(1))
                .build();
    }

    static TokenPolicy firebase(TokenKeys keys) {
        return TokenPolicy.forIssuer(Realm.of("firebase"), "https://securetoken.google.com/acme-project")
                .keys(keys)
                .audience("acme-project")
                .acceptPlainJwt()
                .idTokensAreBearerTokens()
                .sessionIds(SessionIds.NONE)
                .withoutClients()
                .maxTokenLifetime(Duration.ofHours(1))
                .build();
    }

    static TokenPolicy google(TokenKeys keys) {
        return TokenPolicy.forIssuer(Realm.of("google"), "https://accounts.google.com")
                .keys(keys)
                .audience("1234987819200.apps.googleusercontent.com")
                .acceptPlainJwt()
                .idTokensAreBearerTokens()
                .sessionIds(SessionIds.NONE)
                .beganAt(BeganAt.ISSUED_AT)
                .maxTokenLifetime(Duration.ofHours(1))
                .build();
    }

    static TokenPolicy zitadel(TokenKeys keys) {
        return TokenPolicy.forIssuer(Realm.of("zitadel"), "https://acme.zitadel.cloud")
                .keys(keys)
                .audience("192083019302912345")
                .acceptPlainJwt()
                .sessionIds(SessionIds.NONE)
                .beganAt(BeganAt.ISSUED_AT)
                .maxTokenLifetime(Duration.ofHours(12))
                .build();
    }

    static TokenPolicy supabase(TokenKeys keys) {
        return TokenPolicy.forIssuer(Realm.of("supabase"), "https://acme.supabase.co/auth/v1")
                .keys(keys)
                .audience("authenticated")
                .acceptPlainJwt()
                .require("role", "authenticated")
                .sessionIds(SessionIds.FOREIGN)
                .sessionIdClaims("session_id")
                .withoutClients()
                .beganAt(BeganAt.ISSUED_AT)
                .maxTokenLifetime(Duration.ofHours(1))
                .build();
    }

    static TokenPolicy clerk(TokenKeys keys) {
        return TokenPolicy.forIssuer(Realm.of("clerk"), "https://clerk.example.com")
                .keys(keys)
                .anyAudience()
                .acceptPlainJwt()
                .allowedClients("https://app.example.com")
                .sessionIds(SessionIds.FOREIGN)
                .beganAt(BeganAt.ISSUED_AT)
                .maxTokenLifetime(Duration.ofMinutes(10))
                .build();
    }

    static TokenPolicy logto(TokenKeys keys) {
        return TokenPolicy.forIssuer(Realm.of("logto"), "https://acme.logto.app/oidc")
                .keys(keys)
                .audience("https://api.example.com")
                .sessionIds(SessionIds.NONE)
                .beganAt(BeganAt.ISSUED_AT)
                .maxTokenLifetime(Duration.ofHours(1))
                .build();
    }

    static TokenPolicy duende(TokenKeys keys) {
        return TokenPolicy.forIssuer(Realm.of("duende"), "https://identity.example.com")
                .keys(keys)
                .audience("urn:orders")
                .sessionIds(SessionIds.FOREIGN)
                .maxTokenLifetime(Duration.ofHours(1))
                .build();
    }
}
