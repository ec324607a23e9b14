package dev.curfew.issuers;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.curfew.token.TokenKeys;
import dev.curfew.token.TokenPolicy;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/** Tokens as each provider's documentation shows them, with test keys. The names of the claims are what counts. */
@SuppressWarnings("ImmutableEnumChecker") // a function without state
enum Issuer {
    KEYCLOAK(IssuerPolicies::keycloak, "JWT", Session.NAMED, Client.NAMED, Since.LOGIN) {
        @Override
        Map<String, Object> access(Times at) {
            return times(at, true)
                    .with("jti", "onrtac:" + UUID.randomUUID())
                    .with("aud", List.of("orders-api", "account"))
                    .with("sub", "f0a4ef22-4c1f-4b5e-9a8b-1c1c2f6d0e11")
                    .with("typ", "Bearer")
                    .with("azp", "web")
                    .with("sid", "3f2b6f5a-8c29-4b8e-a2c0-0e2a4d5b6c7d")
                    .with("acr", "1")
                    .with("allowed-origins", List.of("https://app.example.com"))
                    .with("realm_access", Map.of("roles", List.of("offline_access")))
                    .with("scope", "openid profile email")
                    .with("preferred_username", "alice");
        }

        @Override
        Map<String, Object> id(Times at) {
            return with(access(at), "typ", "ID", "nonce", "n-1", "at_hash", "DLVy4h8E8zDIjy4GZjNC3w");
        }
    },
    AUTH0(IssuerPolicies::auth0, "JWT", Session.NONE, Client.NAMED, Since.ISSUE) {
        @Override
        Map<String, Object> access(Times at) {
            return times(at, false)
                    .with("sub", "auth0|6553da60a54af58e29493993")
                    .with("aud", List.of("https://api.example.com", "https://acme.eu.auth0.com/userinfo"))
                    .with("azp", "K1AUPhZq8mRi0Q0pjhkfu1D7y6KjDQja")
                    .with("scope", "openid profile read:orders");
        }

        @Override
        Map<String, Object> id(Times at) {
            return with(access(at), "aud", "K1AUPhZq8mRi0Q0pjhkfu1D7y6KjDQja", "nonce", "n-1", "sid", "s-1");
        }
    },
    OKTA(IssuerPolicies::okta, null, Session.NONE, Client.NAMED, Since.ISSUE) {
        @Override
        Map<String, Object> access(Times at) {
            return times(at, false)
                    .with("ver", 1)
                    .with("jti", "AT." + UUID.randomUUID())
                    .with("aud", "api://default")
                    .with("cid", "0oabc123def456GHI7")
                    .with("uid", "00uabc123def456GHI7")
                    .with("scp", List.of("openid", "orders"))
                    .with("sub", "alice@example.com");
        }

        @Override
        Map<String, Object> id(Times at) {
            return with(access(at), "aud", "0oabc123def456GHI7", "at_hash", "x", "amr", List.of("pwd"), "idp", "00o1");
        }
    },
    ENTRA_V1(IssuerPolicies::entraV1, "JWT", Session.NAMED_BY_SOME, Client.NAMED, Since.ISSUE) {
        @Override
        Map<String, Object> access(Times at) {
            return times(at, false)
                    .with("aud", "api://orders")
                    .with("nbf", at.issued().getEpochSecond())
                    .with("acr", "1")
                    .with("aio", "AXQAi/8TAAAAoV")
                    .with("amr", List.of("pwd", "mfa"))
                    .with("appid", "04b07795-8ddb-461a-bbee-02f9e1bf7b46")
                    .with("appidacr", "0")
                    .with("oid", "690222be-ff1a-4d56-abd1-7e4f7d38e474")
                    .with("rh", "0.ARoAv4j5cvGGr0GRqy180BHbR")
                    .with("scp", "user_impersonation")
                    .with("sid", "00520a9f-f4a8-4b9c-8b55-5f5d1e6d4e0a")
                    .with("sub", "HKZpfaHyWadeOouYlitjrI-KffTm222X5rrV3xDqfKQ")
                    .with("tid", "72f988bf-86f1-41af-91ab-2d7cd011db47")
                    .with("unique_name", "alice@example.com")
                    .with("uti", UUID.randomUUID().toString())
                    .with("ver", "1.0");
        }

        @Override
        Map<String, Object> id(Times at) {
            return with(access(at), "aud", "04b07795-8ddb-461a-bbee-02f9e1bf7b46", "nonce", "n-1");
        }
    },
    ENTRA_V2(IssuerPolicies::entraV2, "JWT", Session.NAMED_BY_SOME, Client.NAMED, Since.ISSUE) {
        @Override
        Map<String, Object> access(Times at) {
            return times(at, false)
                    .with("aud", "6e74172b-be56-4843-9ff4-e66a39bb12e3")
                    .with("nbf", at.issued().getEpochSecond())
                    .with("aio", "AXQAi/8TAAAAoV")
                    .with("azp", "04b07795-8ddb-461a-bbee-02f9e1bf7b46")
                    .with("azpacr", "0")
                    .with("name", "Alice")
                    .with("oid", "690222be-ff1a-4d56-abd1-7e4f7d38e474")
                    .with("preferred_username", "alice@example.com")
                    .with("scp", "access_as_user")
                    .with("sid", "00520a9f-f4a8-4b9c-8b55-5f5d1e6d4e0a")
                    .with("sub", "HKZpfaHyWadeOouYlitjrI-KffTm222X5rrV3xDqfKQ")
                    .with("tid", "72f988bf-86f1-41af-91ab-2d7cd011db47")
                    .with("uti", UUID.randomUUID().toString())
                    .with("ver", "2.0");
        }

        @Override
        Map<String, Object> id(Times at) {
            return with(access(at), "nonce", "n-1", "at_hash", "x");
        }
    },
    COGNITO(IssuerPolicies::cognito, null, Session.NAMED, Client.NAMED, Since.LOGIN) {
        @Override
        Map<String, Object> access(Times at) {
            return times(at, true)
                    .with("sub", "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee")
                    .with("device_key", "eu-west-1_aaaa")
                    .with("cognito:groups", List.of("admin"))
                    .with("version", 2)
                    .with("client_id", "57cbishk4j24pabc1234567890")
                    .with("origin_jti", "aaaaaaaa-1111-cccc-dddd-eeeeeeeeeeee")
                    .with("event_id", "64f513be-32db-42b0-b78e-b02127b4f463")
                    .with("token_use", "access")
                    .with("scope", "openid")
                    .with("jti", UUID.randomUUID().toString())
                    .with("username", "alice");
        }

        @Override
        Map<String, Object> id(Times at) {
            return with(
                    access(at), "token_use", "id", "aud", "57cbishk4j24pabc1234567890", "cognito:username", "alice");
        }
    },
    FIREBASE(IssuerPolicies::firebase, "JWT", Session.NONE, Client.NONE, Since.LOGIN) {
        @Override
        Map<String, Object> access(Times at) {
            return times(at, true)
                    .with("name", "Alice")
                    .with("aud", "acme-project")
                    .with("user_id", "aBcDeFgHiJkLmNoPqRsTuVwXyZ12")
                    .with("sub", "aBcDeFgHiJkLmNoPqRsTuVwXyZ12")
                    .with("email", "alice@example.com")
                    .with("email_verified", true)
                    .with("firebase", Map.of("sign_in_provider", "password", "identities", Map.of()));
        }
    },
    GOOGLE(IssuerPolicies::google, "JWT", Session.NONE, Client.NAMED, Since.ISSUE) {
        @Override
        Map<String, Object> access(Times at) {
            return times(at, false)
                    .with("azp", "1234987819200.apps.googleusercontent.com")
                    .with("aud", "1234987819200.apps.googleusercontent.com")
                    .with("sub", "10769150350006150715113082367")
                    .with("at_hash", "HK6E_P6Dh8Y93mRNtsDB1Q")
                    .with("hd", "example.com")
                    .with("email", "alice@example.com")
                    .with("email_verified", true)
                    .with("nonce", "0394852-3190485-2490358");
        }
    },
    ZITADEL(IssuerPolicies::zitadel, "JWT", Session.NONE, Client.NAMED, Since.ISSUE) {
        @Override
        Map<String, Object> access(Times at) {
            return times(at, false)
                    .with("sub", "165460784409739265")
                    .with("aud", List.of("192083019302900001@orders", "192083019302912345"))
                    .with("nbf", at.issued().getEpochSecond())
                    .with("azp", "192083019302900001@orders")
                    .with("client_id", "192083019302900001@orders")
                    .with("jti", UUID.randomUUID().toString());
        }

        @Override
        Map<String, Object> id(Times at) {
            return with(access(at), "at_hash", "x", "amr", List.of("pwd"), "sid", "V1_1", "auth_time", 1);
        }
    },
    SUPABASE(IssuerPolicies::supabase, "JWT", Session.NAMED, Client.NONE, Since.ISSUE) {
        @Override
        Map<String, Object> access(Times at) {
            return times(at, false)
                    .with("aud", "authenticated")
                    .with("sub", "123e4567-e89b-12d3-a456-426614174000")
                    .with("role", "authenticated")
                    .with("aal", "aal1")
                    .with("session_id", "7e2f5c0a-9d3b-4c3e-8a52-1c7a5d0f2b11")
                    .with("email", "alice@example.com")
                    .with("phone", "")
                    .with("is_anonymous", false)
                    .with(
                            "amr",
                            List.of(Map.of(
                                    "method",
                                    "password",
                                    "timestamp",
                                    at.login().getEpochSecond())))
                    .with("app_metadata", Map.of("provider", "email"))
                    .with("user_metadata", Map.of());
        }
    },
    CLERK(IssuerPolicies::clerk, "JWT", Session.NAMED, Client.NAMED, Since.ISSUE) {
        @Override
        Map<String, Object> access(Times at) {
            return times(at, false)
                    .with("azp", "https://app.example.com")
                    .with("fva", List.of(7, -1))
                    .with("jti", UUID.randomUUID().toString().replace("-", ""))
                    .with("nbf", at.issued().getEpochSecond() - 10)
                    .with("sid", "sess_2dCbhG3nYqRMqj0xZcbxJ5y7Wfk")
                    .with("sts", "active")
                    .with("sub", "user_2dCbhG3nYqRMqj0xZcbxJ5y7Wfk")
                    .with("v", 2);
        }
    },
    LOGTO(IssuerPolicies::logto, "at+jwt", Session.NONE, Client.NAMED, Since.ISSUE) {
        @Override
        Map<String, Object> access(Times at) {
            return times(at, false)
                    .with("jti", UUID.randomUUID().toString())
                    .with("sub", "foo123bar456")
                    .with("scope", "read:orders")
                    .with("client_id", "web-client-1")
                    .with("aud", "https://api.example.com");
        }

        @Override
        Map<String, Object> id(Times at) {
            return with(access(at), "aud", "web-client-1", "at_hash", "x");
        }
    },
    DUENDE(IssuerPolicies::duende, "at+jwt", Session.NAMED, Client.NAMED, Since.LOGIN) {
        @Override
        Map<String, Object> access(Times at) {
            return times(at, true)
                    .with("nbf", at.issued().getEpochSecond())
                    .with("aud", "urn:orders")
                    .with("scope", List.of("openid", "orders"))
                    .with("amr", List.of("pwd"))
                    .with("client_id", "web_app")
                    .with("sub", "182jmm199")
                    .with("idp", "local")
                    .with("sid", "9A2C4F3B7E5D")
                    .with("jti", UUID.randomUUID().toString().replace("-", ""));
        }

        @Override
        Map<String, Object> id(Times at) {
            return with(access(at), "aud", "web_app", "nonce", "n-1");
        }
    };

    /** Whether tokens name a session. */
    enum Session {
        NAMED,
        NAMED_BY_SOME,
        NONE
    }

    /** Whether tokens name a client. */
    enum Client {
        NAMED,
        NONE
    }

    /** From when a cut-off judges a token: the login, or the issue of the token, which a refresh renews. */
    enum Since {
        LOGIN,
        ISSUE
    }

    /** When a person logged in, and when the token was made. */
    record Times(Instant login, Instant issued) {}

    private static final RSAKey RSA = rsa();
    private static final ECKey P384 = p384();

    final Session session;
    final Client client;
    final Since since;
    private final Function<TokenKeys, TokenPolicy> policy;
    private final String type;

    Issuer(Function<TokenKeys, TokenPolicy> policy, String type, Session session, Client client, Since since) {
        this.policy = policy;
        this.type = type;
        this.session = session;
        this.client = client;
        this.since = since;
    }

    abstract Map<String, Object> access(Times at);

    /** An ID token of this issuer, or null if it is its bearer token, or it has none. */
    Map<String, Object> id(Times at) {
        return null;
    }

    TokenPolicy policy() {
        return policy.apply(
                TokenKeys.ofJwkSet("{\"keys\":[" + key().toPublicJWK().toJSONString() + "]}"));
    }

    String thumbprint() {
        try {
            return key().computeThumbprint().toString();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    String sign(Map<String, Object> claims) {
        try {
            JWSHeader.Builder header = new JWSHeader.Builder(this == LOGTO ? JWSAlgorithm.ES384 : JWSAlgorithm.RS256)
                    .keyID(key().getKeyID());
            if (type != null) {
                header.type(new JOSEObjectType(type));
            }
            if (this == CLERK) {
                header.customParam("cat", "cl_B7d4PD111AAA");
            }
            JWSObject token = new JWSObject(header.build(), new Payload(claims));
            JWSSigner signer = this == LOGTO ? new ECDSASigner(P384) : new RSASSASigner(RSA);
            token.sign(signer);
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private JWK key() {
        return this == LOGTO ? P384 : RSA;
    }

    Claims times(Times at, boolean hasAuthTime) {
        Claims claims = new Claims();
        claims.put("iss", policy().issuer());
        claims.put("iat", at.issued().getEpochSecond());
        claims.put("exp", at.issued().getEpochSecond() + 300);
        if (hasAuthTime) {
            claims.put("auth_time", at.login().getEpochSecond());
        }
        return claims;
    }

    private static Map<String, Object> with(Map<String, Object> claims, Object... pairs) {
        for (int i = 0; i < pairs.length; i += 2) {
            claims.put((String) pairs[i], pairs[i + 1]);
        }
        return claims;
    }

    /** Claims in the making. */
    static final class Claims extends LinkedHashMap<String, Object> {
        private static final long serialVersionUID = 1L;

        Claims with(String name, Object value) {
            put(name, value);
            return this;
        }
    }

    private static RSAKey rsa() {
        try {
            return new RSAKeyGenerator(2048).keyID("1b94c").generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ECKey p384() {
        try {
            return new ECKeyGenerator(Curve.P_384).keyID("6hgm").generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }
}
