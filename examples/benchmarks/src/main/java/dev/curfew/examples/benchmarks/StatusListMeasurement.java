package dev.curfew.examples.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.curfew.RevocationCause;
import dev.curfew.SessionService;
import dev.curfew.crypto.KeyRing;
import dev.curfew.http.EndpointRequest;
import dev.curfew.jdbc.JdbcSessionStore;
import dev.curfew.redis.RedisSessionStore;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.session.SubjectId;
import dev.curfew.status.StatusListIssuer;
import dev.curfew.status.StatusReference;
import dev.curfew.store.SessionStore;
import dev.curfew.token.SigningKey;
import io.lettuce.core.RedisClient;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * What a status list of ours costs, and how soon another node publishes what was revoked here: a thread asks that node
 * for its list until it is another one.
 */
final class StatusListMeasurement {
    private static final Duration LIFE = Duration.ofMinutes(15);
    /** After so long a node has looked for new tokens. */
    private static final Duration UNKNOWN = Duration.ofSeconds(6);

    private static final Duration PAUSE = Duration.ofMillis(137);

    private StatusListMeasurement() {}

    static void run(Report report, MicroBenchmarks jmh, int rounds) {
        report.alone(
                "statuslist.rendered",
                jmh.run(StatusListBenchmark.class, "rendered", 1).nanos().in(1e6),
                "ms");
        report.alone(
                "statuslist.answered",
                jmh.run(StatusListBenchmark.class, "answered", 1).nanos(),
                "ns");
        onPostgres(report, rounds);
        onRedis(report, rounds);
    }

    private static void onPostgres(Report report, int rounds) {
        try (HikariDataSource first = Servers.pool(4);
                HikariDataSource second = Servers.pool(4);
                JdbcSessionStore one = CurfewStores.onPostgres(first, "lists_");
                JdbcSessionStore other = CurfewStores.onPostgres(second, "lists_")) {
            measure(report, "postgres", one, other, rounds);
        }
    }

    private static void onRedis(Report report, int rounds) {
        RedisClient first = Servers.redis();
        RedisClient second = Servers.redis();
        try (RedisSessionStore one = CurfewStores.onRedis(first, "lists");
                RedisSessionStore other = CurfewStores.onRedis(second, "lists")) {
            measure(report, "redis", one, other, rounds);
        } finally {
            first.shutdown();
            second.shutdown();
        }
    }

    private static void measure(Report report, String server, SessionStore one, SessionStore other, int rounds) {
        SigningKey key = key();
        byte[] secret = new byte[KeyRing.KEY_BYTES];
        new SecureRandom().nextBytes(secret);
        KeyRing ring = KeyRing.of("benchmark", secret);
        try (SessionService here = service(one, ring);
                SessionService there = service(other, ring)) {
            StatusListIssuer issuing = issuer(here, key);
            StatusListIssuer publishing = issuer(there, key);
            report.alone(
                    "statuslist.allocate." + server,
                    allocations(issuing, rounds * 20).in(1e3),
                    "us");
            for (boolean isNew : new boolean[] {false, true}) {
                Durations published = published(here, issuing, publishing, rounds, isNew);
                String name = "statuslist.published." + (isNew ? "new." : "") + server;
                report.alone(name + ".p50", published.figure(50).in(1e6), "ms");
                report.alone(name + ".p99", published.figure(99).in(1e6), "ms");
            }
        }
    }

    private static Figure allocations(StatusListIssuer issuer, int shots) {
        long[] nanos = new long[shots];
        for (int i = -shots; i < shots; i++) {
            long begin = System.nanoTime();
            place(issuer, new SubjectId(TokenIssuer.REALM, "issued-" + i));
            nanos[Math.max(0, i)] = System.nanoTime() - begin;
        }
        return new Durations(nanos).figure(50);
    }

    /** Of tokens that were issued before the publishing node has looked for new ones, or a moment before. */
    private static Durations published(
            SessionService here, StatusListIssuer issuing, StatusListIssuer publishing, int rounds, boolean isNew) {
        List<SubjectId> subjects = new ArrayList<>();
        List<StatusReference> places = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            subjects.add(new SubjectId(TokenIssuer.REALM, "published-" + isNew + "-" + i));
            if (!isNew) {
                places.add(place(issuing, subjects.get(i)));
            }
        }
        if (!isNew) {
            Waits.sleep(UNKNOWN);
        }
        long[] nanos = new long[rounds];
        for (int i = 0; i < rounds; i++) {
            Waits.sleep(PAUSE);
            StatusReference place = isNew ? place(issuing, subjects.get(i)) : places.get(i);
            String before = lst(publishing, place);
            here.revokeAllSessions(subjects.get(i), RevocationCause.byUser(RevocationReason.USER_LOGOUT));
            long returned = System.nanoTime();
            while (lst(publishing, place).equals(before)) {
                Waits.sleep(Duration.ofMillis(2));
            }
            nanos[i] = System.nanoTime() - returned;
        }
        return new Durations(nanos);
    }

    /** The part of the token that the statuses are in, with the instants around it. */
    private static String lst(StatusListIssuer publishing, StatusReference place) {
        String uri = place.uri().toString();
        String token = publishing
                .answer(EndpointRequest.of("GET")
                        .pathId(uri.substring(uri.lastIndexOf('/') + 1))
                        .build())
                .bodyText();
        String claims = new String(Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]), StandardCharsets.UTF_8);
        return claims.substring(claims.indexOf("status_list"));
    }

    private static StatusReference place(StatusListIssuer issuer, SubjectId subject) {
        Instant now = Instant.now();
        return issuer.allocate(
                TokenFacts.in(TokenIssuer.REALM).subject(subject).issuedAt(now).build(), now.plus(LIFE));
    }

    private static StatusListIssuer issuer(SessionService service, SigningKey key) {
        return StatusListIssuer.of(
                        service, "https://issuer.example", key, URI.create("https://issuer.example/statuslists/"))
                .build();
    }

    private static SessionService service(SessionStore store, KeyRing ring) {
        return SessionService.builder()
                .store(store)
                .encryption(ring)
                .lifetimes(SessionLifetimes.aal1())
                .maxTokenLifetime(LIFE)
                .trustTokensOlderThanStore()
                .withoutAuditLog()
                .build();
    }

    private static SigningKey key() {
        try {
            KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            return SigningKey.of("benchmark", "EdDSA", pair.getPrivate(), pair.getPublic());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
