package dev.curfew.oauth;

import dev.curfew.client.RegisteredClient;
import dev.curfew.session.ClientId;
import dev.curfew.session.SenderKey;
import dev.curfew.session.Session;
import dev.curfew.token.VerifiedToken;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is said of an active token, each member with the type that its standard gives it; a claim of another type
 * is left out. Confined to one thread.
 */
final class ActiveMembers {
    /** RFC 7662 §2.2, RFC 8705 §3.2, RFC 9470 §6.2. */
    static final Set<String> STANDARD = Set.of(
            "scope",
            "client_id",
            "username",
            "token_type",
            "exp",
            "iat",
            "nbf",
            "sub",
            "aud",
            "iss",
            "jti",
            "cnf",
            "auth_time",
            "acr");

    private final RegisteredClient caller;
    private final ClaimFilter filter;
    private final Map<String, @Nullable Object> said = new LinkedHashMap<>();

    private ActiveMembers(RegisteredClient caller, ClaimFilter filter) {
        this.caller = caller;
        this.filter = filter;
        said.put("active", true);
    }

    /** Of a verified token; only an access token has a {@code token_type}. */
    static ActiveMembers of(VerifiedToken token, boolean isAccess, RegisteredClient caller, ClaimFilter filter) {
        Map<String, @Nullable Object> claims = token.claims();
        ActiveMembers members = new ActiveMembers(caller, filter)
                .client(token.client())
                .text("sub", claims.get("sub"))
                .audience(claims.get("aud"))
                .text("iss", claims.get("iss"))
                .text("jti", claims.get("jti"))
                .text("username", claims.get("username"))
                .text("acr", claims.get("acr"));
        for (String time : List.of("exp", "iat", "nbf", "auth_time")) {
            members.number(time, claims.get(time));
        }
        Object scope = claims.get("scope");
        members.scope(scope == null ? claims.get("scp") : scope);
        if (claims.get("cnf") instanceof Map<?, ?> confirmation && members.shows("cnf")) {
            members.said.put("cnf", confirmation);
        }
        if (isAccess) {
            members.tokenType(token.senderKey());
        }
        claims.forEach((name, value) -> {
            if (!STANDARD.contains(name) && !name.equals("active") && members.shows(name)) {
                members.said.put(name, value);
            }
        });
        return members;
    }

    /** Of a session whose token is ours; only a token for resources has an audience, and a {@code token_type}. */
    static ActiveMembers of(Session session, Optional<String> audience, RegisteredClient caller, ClaimFilter filter) {
        ActiveMembers members = new ActiveMembers(caller, filter)
                .client(session.client())
                .text("sub", session.subject().value())
                .audience(audience.orElse(null))
                .time("exp", session.expiresAt())
                .time("iat", session.createdAt())
                .time("auth_time", session.evidence().at())
                .text("acr", session.evidence().acr().orElse(null))
                .scope(List.copyOf(new TreeSet<>(session.scopes())))
                .text("sid", session.handle().value());
        session.senderKey().ifPresent(members::confirmation);
        if (audience.isPresent()) {
            members.tokenType(session.senderKey());
        }
        return members;
    }

    /** What is said of a token that is not active, whatever the cause. */
    static Map<String, @Nullable Object> ofNone() {
        return Map.of("active", false);
    }

    /** {@return them, in their order; values as JSON has them} */
    Map<String, @Nullable Object> members() {
        return Collections.unmodifiableMap(said);
    }

    private ActiveMembers client(Optional<ClientId> client) {
        return text("client_id", client.map(ClientId::value).orElse(null));
    }

    private ActiveMembers text(String name, @Nullable Object value) {
        if (value instanceof String text && shows(name)) {
            said.put(name, text);
        }
        return this;
    }

    private ActiveMembers time(String name, Instant instant) {
        return number(name, instant.getEpochSecond());
    }

    /** RFC 7662: an integer of seconds. */
    private ActiveMembers number(String name, @Nullable Object value) {
        if (value instanceof Number seconds && shows(name)) {
            said.put(name, (long) Math.floor(seconds.doubleValue()));
        }
        return this;
    }

    private ActiveMembers audience(@Nullable Object value) {
        if (value != null) {
            said.put("aud", value);
        }
        return this;
    }

    /** RFC 7662: one string, whatever the token has. */
    private ActiveMembers scope(@Nullable Object value) {
        if (value instanceof List<?> words && !words.isEmpty() && words.stream().allMatch(String.class::isInstance)) {
            return text(
                    "scope",
                    String.join(" ", words.stream().map(String.class::cast).toList()));
        }
        return text("scope", value);
    }

    private void tokenType(Optional<SenderKey> sender) {
        said.put("token_type", isDpop(sender) ? "DPoP" : "Bearer");
    }

    static boolean isDpop(Optional<SenderKey> sender) {
        return sender.filter(key -> key.kind() == SenderKey.Kind.JKT).isPresent();
    }

    private void confirmation(SenderKey key) {
        if (shows("cnf")) {
            said.put("cnf", Map.of(key.kind() == SenderKey.Kind.JKT ? "jkt" : "x5t#S256", key.thumbprint()));
        }
    }

    private boolean shows(String name) {
        return filter.shows(name, caller);
    }
}
