package dev.curfew.examples.hosts;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.text.ParseException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Two nodes of a host on one database, and who signs in there. Confined to one thread. */
final class TwoNodes implements AutoCloseable {
    static final String SESSIONS = "/api/auth/sessions";
    static final String LOGOUT = "/api/v1/auth/logout";
    static final String REFRESH = "/api/v1/auth/refresh";
    static final Duration STALENESS = Duration.ofSeconds(2);

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(50);

    final DatabaseServer database = DatabaseServer.start();
    final TokenForge forge;
    final HttpCalls first;
    final HttpCalls second;
    private final List<Node> nodes;

    /** Starts a node. */
    @FunctionalInterface
    interface Starter {
        Node start(Map<String, String> settings) throws Exception;
    }

    /** Who has signed in: the access token, the public id of the session, and the pair of the refresh cookie. */
    record Login(String token, String session, String cookie) {}

    TwoNodes(Starter starter) throws Exception {
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        this.forge = new TokenForge(secret);
        Map<String, String> settings = Map.of(
                "PORT", "0",
                "CONTEXT_PATH", "/shop",
                "CURFEW_SECRET", Base64.getEncoder().encodeToString(secret),
                "JDBC_URL", database.url(),
                "JDBC_USER", "",
                "JDBC_PASSWORD", "",
                "MAX_STALENESS", STALENESS.toString(),
                "PASSWORDS", "alice=alice's password,bob=bob's password");
        this.nodes = List.of(starter.start(settings), starter.start(settings));
        this.first = new HttpCalls(nodes.get(0).uri());
        this.second = new HttpCalls(nodes.get(1).uri());
    }

    List<HttpCalls> both() {
        return List.of(first, second);
    }

    Login login(HttpCalls node, String user) {
        HttpResponse<String> answer = node.postJson("/login", form(user, user + "'s password"));
        if (answer.statusCode() != 200) {
            throw new AssertionError("the login of " + user + " was answered with " + answer.statusCode());
        }
        return new Login(text(answer, "token"), text(answer, "session"), cookie(answer));
    }

    /** Name and value of the first cookie that is set. */
    static String cookie(HttpResponse<String> answer) {
        return answer.headers().firstValue("Set-Cookie").orElse("").split(";", 2)[0];
    }

    static String text(HttpResponse<String> answer, String member) {
        if (json(answer).get(member) instanceof String text) {
            return text;
        }
        throw new AssertionError("no text \"" + member + "\"");
    }

    static String form(String user, String password) {
        return JSONObjectUtils.toJSONString(Map.of("username", user, "password", password));
    }

    static Map<String, Object> json(HttpResponse<String> answer) {
        try {
            return JSONObjectUtils.parse(answer.body());
        } catch (ParseException e) {
            throw new AssertionError("no JSON object: " + answer.body(), e);
        }
    }

    /** The sessions of whoever the token is of. */
    static List<Map<String, Object>> sessions(HttpCalls node, String token) {
        HttpResponse<String> answer = node.get(SESSIONS, token);
        try {
            return List.of(JSONObjectUtils.getJSONObjectArray(json(answer), "sessions"));
        } catch (ParseException e) {
            throw new AssertionError("no list: " + answer.body(), e);
        }
    }

    /** Waits for what other nodes learn in time. */
    static void await(String what, BooleanSupplier isSo) {
        for (long left = PATIENCE.dividedBy(PAUSE); left > 0; left--) {
            if (isSo.getAsBoolean()) {
                return;
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        throw new AssertionError("not within " + PATIENCE.toSeconds() + " s: " + what);
    }

    @Override
    public void close() {
        nodes.forEach(Node::close);
        database.close();
    }
}
