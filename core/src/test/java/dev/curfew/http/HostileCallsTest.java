package dev.curfew.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.nimbusds.jose.util.JSONObjectUtils;
import dev.curfew.memory.InMemoryRateLimiter;
import dev.curfew.ratelimit.RateLimiter;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Session;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/**
 * Whatever stands in the fields that a host passes on: nothing is thrown, nothing is answered with 500, no header comes
 * from outside, and each body is JSON.
 */
class HostileCallsTest {
    private static final Set<String> HEADERS = Set.of(
            "Content-Type",
            "Cache-Control",
            "WWW-Authenticate",
            "Allow",
            "Retry-After",
            "Set-Cookie",
            "RateLimit-Policy",
            "RateLimit");

    /** From which texts are put together. */
    private static final List<String> PIECES = List.of(
            "\r\nSet-Cookie: evil=1",
            "\nX-Evil: 1\n\n<html>",
            "%0d%0aX-Evil:1",
            "\u560d\u560aX-Evil: 1",
            "\0",
            "\u0007\u001b[31m",
            "\u007f\u0085\u009f",
            "\u2028X-Evil: 1\u2029",
            "\ufeff\ufffe\uffff",
            "\u202eevil\u200b",
            "\ud800",
            "\udc00",
            "\udbff\udbff",
            "\udfff\ud800",
            "\ud83d",
            "\ud83d\ude00",
            "\udbff\udfff",
            "e\u0301\u0301\u0301",
            "\"",
            "\\",
            "\\u0000",
            "</script><script>",
            "${jndi:ldap://x}",
            "{\"token\":\"",
            "\"}",
            "[[[[",
            "..;/../",
            "%",
            "%zz%00%ff%c0%80",
            "Bearer ",
            "__Host-at=",
            "; __Host-at=",
            ",",
            ";",
            "=",
            "q=0.5,*;q=NaN",
            "for=\"[::1]:\\",
            "203.0.113.7",
            "2001:db8::%eth0",
            "999999999999999999999999",
            "-1",
            "NaN",
            " ",
            "\t",
            "\u0131\u212a\u017f");

    private static final List<String> NAMES = List.of(
            "Authorization",
            "Cookie",
            "Content-Type",
            "Accept-Language",
            "Origin",
            "Referer",
            "Sec-Fetch-Site",
            "traceparent",
            "X-Request-Id",
            "X-Forwarded-For",
            "Forwarded",
            "Set-Cookie",
            "Host");

    private static final List<String> METHODS = List.of("GET", "POST", "DELETE", "GET", "DELETE", "PUT", "get");

    private static final int FEW = 10_000;
    private static final int MANY = 200_000;

    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Level level = root.getLevel();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Host ours = Host.create();
    private final Host foreign = Host.withForeignSessionIds();

    @BeforeEach
    void listen() {
        log.start();
        root.setLevel(Level.WARN);
        root.addAppender(log);
    }

    @AfterEach
    void stopListening() {
        root.detachAppender(log);
        root.setLevel(level);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 20261128})
    void none_breaks_anything(long seed) {
        call(seed, FEW);
    }

    @Tag("slow")
    @Test
    void none_of_many_breaks_anything() {
        call(20261129, MANY);
    }

    /** A host may pass what is no address; half a pair of surrogates can be hashed by nobody. */
    @ParameterizedTest
    @ValueSource(strings = {"\ud800", "\udc00", "unix:\ud83d", "\0", "203.0.113.7\r\n", ""})
    void a_good_token_from_an_address_that_is_none_is_served(String address) {
        Session session = ours.login(Host.ALICE);
        SessionEndpoints endpoints = endpoints(ours, Profile.STANDARDS);

        EndpointResponse list = endpoints.listSessions(
                Host.get(ours.token(session)).clientAddress(address).build());
        EndpointResponse logout = endpoints.logout(
                Host.post(ours.token(session)).clientAddress(address).build());

        assertThat(list.status()).isEqualTo(200);
        assertThat(logout.status()).isEqualTo(204);
        assertThat(log.list).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"63, 63", "64, 63", "62, 64"})
    void an_address_is_not_cut_in_the_middle_of_a_pair(int before, int kept) {
        String address = EndpointRequest.of("GET")
                .clientAddress("x".repeat(before) + "\ud83d\ude00")
                .build()
                .clientAddress()
                .orElseThrow();

        assertThat(address).hasSize(before == 64 ? 64 : kept);
        assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(address)).isTrue();
    }

    private void call(long seed, int calls) {
        SplittableRandom random = new SplittableRandom(seed);
        Map<Host, List<SessionEndpoints>> endpoints = Map.of(
                ours, List.of(endpoints(ours, Profile.GUIDE), endpoints(ours, Profile.STANDARDS)),
                foreign, List.of(endpoints(foreign, Profile.GUIDE), endpoints(foreign, Profile.STANDARDS)));
        Set<Integer> seen = new HashSet<>();
        for (int i = 0; i < calls; i++) {
            Host host = random.nextBoolean() ? ours : foreign;
            if (i % 500 == 0) {
                // Such texts come to the list by the device that logged in.
                host.service
                        .beginLogin(Host.ALICE)
                        .complete(DeviceInfo.of(text(random))
                                .withUserAgent(text(random))
                                .withAddress(text(random)));
            }
            EndpointRequest request = request(random, host);
            String which = "seed " + seed + ", call " + i;
            try {
                answer(random, endpoints.get(host).get(random.nextInt(2)), request)
                        .ifPresent(response -> {
                            seen.add(response.status());
                            check(which, response);
                        });
            } catch (RuntimeException e) {
                throw new AssertionError(which, e);
            }
        }
        assertThat(log.list).as("warnings and errors of seed %s", seed).isEmpty();
        assertThat(seen).as("what was reached").contains(200, 204, 400, 401, 404, 405, 409, 413, 415);
    }

    private static Optional<EndpointResponse> answer(
            SplittableRandom random, SessionEndpoints endpoints, EndpointRequest request) {
        return switch (random.nextInt(7)) {
            case 0 -> Optional.of(endpoints.logout(request));
            case 1 -> Optional.of(endpoints.listSessions(request));
            case 2 -> Optional.of(endpoints.revokeSession(request));
            case 3 -> Optional.of(endpoints.revokeOtherSessions(request));
            case 4 ->
                endpoints.authentication().authenticate(request) instanceof AuthenticationResult.Refused refused
                        ? Optional.of(refused.response())
                        : Optional.empty();
            case 5 -> EndpointRouter.of(endpoints).route("/api/auth/sessions/" + text(random), request);
            default -> EndpointRouter.of(endpoints).route("/api/auth/sessions?" + text(random), request);
        };
    }

    private static void check(String which, EndpointResponse response) {
        assertThat(response.status()).as(which).isBetween(200, 429);
        for (HeaderField header : response.headers()) {
            if (!HEADERS.contains(header.name()) || header.value().contains("vil")) {
                throw new AssertionError(which + ": " + header.name());
            }
        }
        if (response.body().length > 0) {
            assertThatCode(() -> JSONObjectUtils.parse(response.bodyText()))
                    .as(which)
                    .doesNotThrowAnyException();
        } else {
            assertThat(response.status()).as(which).isEqualTo(204);
        }
    }

    private static EndpointRequest request(SplittableRandom random, Host host) {
        String method = METHODS.get(random.nextInt(METHODS.size()));
        EndpointRequest.Builder request = EndpointRequest.of(random.nextInt(20) == 0 ? method + text(random) : method);
        String token = token(random, host);
        switch (random.nextInt(4)) {
            case 0 -> request.header("Authorization", "Bearer " + token);
            case 1 -> request.header("Cookie", "__Host-at=" + token).header("Sec-Fetch-Site", "same-origin");
            case 2 -> Host.json(request, "{\"token\":\"" + token + "\"}");
            default -> request.header(text(random), token);
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            request.header(NAMES.get(random.nextInt(NAMES.size())), text(random));
        }
        if (random.nextInt(4) == 0) {
            request.body(text(random).getBytes(StandardCharsets.UTF_16LE));
        }
        if (random.nextInt(4) == 0) {
            Host.json(request, text(random));
        }
        if (random.nextBoolean()) {
            request.clientAddress(text(random), TrustedProxies.readingXForwardedFor("203.0.113.0/24"));
        }
        return request.pathId(text(random))
                .queryParameter(random.nextBoolean() ? "cursor" : "limit", text(random))
                .queryParameter(text(random), text(random))
                .secure(random.nextBoolean())
                .build();
    }

    private static String token(SplittableRandom random, Host host) {
        Map<String, Object> claims = host.claims(Host.ALICE);
        return switch (random.nextInt(5)) {
            case 0 -> host.sign(claims);
            case 1 -> {
                claims.put("sid", wellFormed(text(random)));
                yield host.sign(claims);
            }
            case 2 -> {
                claims.put("sub", wellFormed(text(random)));
                claims.put("client_id", wellFormed(text(random)));
                claims.put("jti", wellFormed(text(random)));
                yield host.sign(claims);
            }
            case 3 -> "a.b." + text(random);
            default -> text(random);
        };
    }

    private static String text(SplittableRandom random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(4); i >= 0; i--) {
            text.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        if (random.nextInt(100) == 0) {
            String piece = text.toString();
            while (text.length() < 20_000) {
                text.append(piece);
            }
        }
        return text.toString();
    }

    /** As JSON must be; the others cannot be signed. */
    private static String wellFormed(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    private SessionEndpoints endpoints(Host host, Profile profile) {
        RateLimiter limiter = InMemoryRateLimiter.of(1_000_000, Duration.ofMinutes(1));
        return host.endpoints()
                .profile(profile)
                .credentialCookie(Host.COOKIE)
                .rateLimiter(limiter)
                .build();
    }
}
