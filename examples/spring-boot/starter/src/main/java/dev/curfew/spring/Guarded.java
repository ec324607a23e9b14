package dev.curfew.spring;

import dev.curfew.session.CurfewException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Makes something of Curfew, and turns what its builder says into words of the properties. */
final class Guarded {
    /** What a builder calls its settings, and the property that is meant. */
    private static final Map<String, String> PROPERTIES = properties();

    private Guarded() {}

    static <T> T make(String what, Supplier<T> making) {
        try {
            return making.get();
        } catch (IllegalStateException | IllegalArgumentException | CurfewException e) {
            String sentence = String.valueOf(e.getMessage());
            throw new CurfewStartException(what + ": " + sentence + ".", advice(sentence, e), e);
        }
    }

    private static String advice(String sentence, RuntimeException e) {
        StringBuilder advice = new StringBuilder();
        PROPERTIES.forEach((setting, property) -> {
            if (sentence.contains(setting)) {
                advice.append(advice.length() == 0 ? "" : " ").append(property);
            }
        });
        if (advice.length() > 0) {
            return advice.toString();
        }
        return e instanceof CurfewException failure && failure.isRetryable()
                ? "Check that the store of Curfew is up, and that its address and its password are right."
                : "Change the property, or the CurfewCustomizer, that the sentence speaks of.";
    }

    private static Map<String, String> properties() {
        Map<String, String> map = new LinkedHashMap<>();
        map.put(
                "encryption(...) or storeSessionsUnencrypted()",
                "Set curfew.encryption.key to what `openssl rand -base64 32` prints, the same on every node, or"
                        + " curfew.encryption.store-unencrypted=true.");
        map.put(
                "encryption(...) and storeSessionsUnencrypted()",
                "Set curfew.encryption.key, or curfew.encryption.store-unencrypted=true, and not both.");
        map.put("acceptUnencryptedSessions()", "Set curfew.encryption.key too.");
        map.put("audience(String)", "Set curfew.audience to what `aud` of your access tokens says.");
        map.put("sessionIds(", "Set curfew.token.session-ids to OURS, FOREIGN or NONE.");
        map.put("maxTokenLifetime", "Set curfew.token.max-lifetime.");
        map.put("retention ", "Shorten curfew.session.absolute or curfew.token.max-lifetime.");
        map.put("lifetimes:", "Set curfew.session.absolute, and curfew.session.idle to at most that.");
        map.put(
                "verifier(...) or sessionTokens(...)",
                "Set curfew.issuer with curfew.secret or curfew.jwks-uri for access tokens, curfew.cookie.name for"
                        + " session tokens in a cookie, or curfew.session-tokens=true.");
        map.put(
                "migrate()",
                "Set curfew.store.jdbc.initialize-schema=always, or apply the scripts below"
                        + " dev/curfew/jdbc/migration of curfew-store-jdbc.");
        map.put("__Host-", "Set the name, the path and `secure` of curfew.cookie or curfew.refresh-cookie.");
        map.put("the prefix demands Secure", "Give the cookie a name without a prefix where `secure` is false.");
        map.put("allowedOrigins", "Set curfew.http.allowed-origins.");
        map.put("problemTypes", "Set curfew.http.problem-types.");
        map.put("realmName", "Set curfew.http.realm-name.");
        map.put("maxStaleness", "Set curfew.checks.max-staleness, and curfew.checks.poll-period to at most a third.");
        map.put("open(\"", "Change curfew.http.open.");
        map.put("openBelow(\"", "Change curfew.http.open.");
        map.put("a path must start", "Change curfew.http.logout-path, refresh-path or sessions-path.");
        map.put("Path and ", "Change curfew.http.logout-path, refresh-path or sessions-path.");
        map.put("partitions", "Set curfew.store.redis.partitions to what the store was installed with.");
        return map;
    }
}
