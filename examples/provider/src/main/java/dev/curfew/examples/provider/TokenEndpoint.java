package dev.curfew.examples.provider;

import dev.curfew.LoginAttempt;
import dev.curfew.LoginResult;
import dev.curfew.client.ClientAuthentication;
import dev.curfew.client.ClientAuthenticator;
import dev.curfew.crypto.SecretToken;
import dev.curfew.http.EndpointRequest;
import dev.curfew.http.EndpointResponse;
import dev.curfew.http.HeaderField;
import dev.curfew.http.IssuedAccessToken;
import dev.curfew.http.UnreadableFormException;
import dev.curfew.refresh.RefreshBinding;
import dev.curfew.session.ClientId;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.SessionRef;
import dev.curfew.store.FoundSession;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The token endpoint: a code becomes tokens; a refresh is Curfew's. Thread-safe.
 *
 * <p>Tokens of a sign-on end with it. Who asks for {@code offline_access} gets a refresh token of a session of its own,
 * which lives on when the person signs out, as Back-Channel Logout 1.0 section 2.7 wants it.
 */
final class TokenEndpoint {
    private static final String OFFLINE = "offline_access";

    private final CurfewSetup curfew;
    private final ClientAuthenticator clients;
    private final Tokens tokens;
    private final Codes codes;
    private final BackChannel backChannel;
    private final Clock clock;

    TokenEndpoint(
            CurfewSetup curfew,
            ClientAuthenticator clients,
            Tokens tokens,
            Codes codes,
            BackChannel backChannel,
            Clock clock) {
        this.curfew = curfew;
        this.clients = clients;
        this.tokens = tokens;
        this.codes = codes;
        this.backChannel = backChannel;
        this.clock = clock;
    }

    EndpointResponse answer(EndpointRequest request) {
        try {
            return tokens(request);
        } catch (UnreadableFormException e) {
            return Answers.error(400, "invalid_request", String.valueOf(e.getMessage()));
        }
    }

    private EndpointResponse tokens(EndpointRequest request) throws UnreadableFormException {
        String grantType = request.form().find("grant_type").orElse("");
        if (grantType.equals("refresh_token")) {
            return curfew.refresh.answer(request);
        }
        if (!(clients.authenticate(request) instanceof ClientAuthentication.Authenticated client)) {
            return Answers.error(
                    401,
                    "invalid_client",
                    "the application has not proven who it is, by client_secret_basic or client_secret_post",
                    new HeaderField("WWW-Authenticate", "Basic realm=\"sso\""));
        }
        if (!grantType.equals("authorization_code")) {
            return Answers.error(400, "unsupported_grant_type", "authorization_code and refresh_token are supported");
        }
        Optional<Grant> grant =
                codes.redeem(request.form().find("code").orElse("")).filter(one -> isMeant(one, client));
        if (grant.isEmpty() || !isShownByWhoAsked(grant.get(), request)) {
            return invalidGrant();
        }
        return tokensFor(grant.get());
    }

    private static boolean isMeant(Grant grant, ClientAuthentication.Authenticated client) {
        return grant.party().id().equals(client.client().id().value());
    }

    private static boolean isShownByWhoAsked(Grant grant, EndpointRequest request) throws UnreadableFormException {
        String redirect = request.form().find("redirect_uri").orElse("");
        String verifier = request.form().find("code_verifier").orElse("");
        return redirect.equals(grant.redirect().toString()) && isSecretOf(grant.challenge(), verifier);
    }

    /** First it takes part, then it is asked whether the sign-on is still good: a logout sees one or the other. */
    private EndpointResponse tokensFor(Grant grant) {
        LoginAttempt offline = curfew.sessions
                .beginLogin(grant.subject())
                .client(new ClientId(CurfewSetup.REALM, grant.party().id()));
        backChannel.join(grant.session(), grant.party());
        Optional<FoundSession> signOn = curfew.sessions
                .findSession(SessionRef.of(grant.subject(), grant.session()))
                .filter(session -> session.isLive(clock.instant()));
        if (signOn.isEmpty()) {
            return invalidGrant();
        }
        IssuedAccessToken access =
                tokens.accessToken(grant, signOn.get().session().expiresAt());
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("access_token", access.text());
        answer.put("token_type", "Bearer");
        answer.put("expires_in", access.expiresIn().toSeconds());
        answer.put("id_token", tokens.idToken(grant));
        answer.put("scope", String.join(" ", grant.scopes()));
        if (grant.scopes().contains(OFFLINE)) {
            refreshToken(offline, grant).ifPresent(token -> answer.put("refresh_token", token.reveal()));
        }
        return Answers.json(200, answer);
    }

    private static Optional<SecretToken> refreshToken(LoginAttempt offline, Grant grant) {
        return offline.withRefreshToken(RefreshBinding.none().scopes(grant.scopes()))
                                .complete(DeviceInfo.unknown())
                        instanceof LoginResult.LoggedIn in
                ? in.token()
                : Optional.empty();
    }

    private static EndpointResponse invalidGrant() {
        return Answers.error(
                400, "invalid_grant", "the code is unknown, used, a minute old or another's, or its sign-on is over");
    }

    /** PKCE, S256 (RFC 7636 section 4.6). */
    private static boolean isSecretOf(String challenge, String verifier) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
            String expected = Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
            return MessageDigest.isEqual(
                    expected.getBytes(StandardCharsets.US_ASCII), challenge.getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
