package dev.curfew.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.curfew.RevocationCause;
import dev.curfew.SessionService;
import dev.curfew.contract.ChildProcess;
import dev.curfew.contract.Given;
import dev.curfew.contract.ManualClock;
import dev.curfew.contract.TestKeys;
import dev.curfew.http.EndpointRequest;
import dev.curfew.http.EndpointResponse;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.session.SubjectId;
import dev.curfew.status.StatusList;
import dev.curfew.status.StatusListIssuer;
import dev.curfew.status.StatusReference;
import dev.curfew.token.SigningKey;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Nodes that give tokens their places in status lists are killed in the midst of it, one after the other: no place that
 * anybody was told of is given again, and all of them are published.
 */
@Timeout(300)
final class KilledIssuerTest {
    private static final int KILLS = 6;
    private static final int NODES = 2;
    private static final SubjectId HOLDER = Given.subject("holder");
    private static final Duration LIFE = Duration.ofMinutes(15);

    @Test
    void no_place_is_given_twice_and_none_is_lost_where_nodes_are_killed_while_they_give_them() throws Exception {
        String prefix = Stores.prefix();
        Random random = new Random(3);
        List<String> given = new ArrayList<>();
        try (HikariDataSource pool = Pools.of(Postgres.url(), 8)) {
            Stores.opened(pool, prefix);
            for (int kill = 0; kill < KILLS; kill += NODES) {
                List<ChildProcess> children = new ArrayList<>();
                for (int i = 0; i < NODES; i++) {
                    children.add(ChildProcess.start(Issuing.class, Postgres.url(), prefix));
                }
                for (ChildProcess child : children) {
                    for (int i = 40 + random.nextInt(120); i > 0; i--) {
                        given.add(child.await(line -> line.startsWith(Issuing.PLACE)));
                    }
                    child.signal("KILL");
                    child.awaitEnd();
                    child.close();
                }
            }

            assertThat(given).hasSizeGreaterThan(KILLS * 40).doesNotHaveDuplicates();
            assertAllPublished(pool, prefix, given);
        }
    }

    private static void assertAllPublished(HikariDataSource pool, String prefix, List<String> given) {
        ManualClock clock = ManualClock.at(Given.NOW);
        try (SessionService service = service(pool, prefix, clock)) {
            StatusListIssuer issuer = issuer(service);
            String id = given.get(0).split(" ", -1)[1];
            assertThat(given.stream().map(line -> line.split(" ", -1)[1]).distinct())
                    .containsExactly(id);
            assertThat(given).noneMatch(line -> isInvalid(issuer, line));

            service.revokeAllSessions(HOLDER, RevocationCause.byUser(RevocationReason.USER_LOGOUT));
            clock.advance(Duration.ofSeconds(6));

            assertThat(given).allMatch(line -> isInvalid(issuer, line));
        }
    }

    private static boolean isInvalid(StatusListIssuer issuer, String line) {
        String[] parts = line.split(" ", -1);
        EndpointResponse answer =
                issuer.answer(EndpointRequest.of("GET").pathId(parts[1]).build());
        assertThat(answer.status()).isEqualTo(200);
        String claims = new String(
                Base64.getUrlDecoder().decode(answer.bodyText().split("\\.", -1)[1]), StandardCharsets.UTF_8);
        Matcher lst = Pattern.compile("\"lst\":\"([\\w-]+)\"").matcher(claims);
        assertThat(lst.find()).isTrue();
        return StatusList.decode(1, lst.group(1), 1 << 20).get(Long.parseLong(parts[2])) == 1;
    }

    private static SessionService service(HikariDataSource pool, String prefix, ManualClock clock) {
        return SessionService.builder()
                .store(Stores.node(pool, prefix))
                .encryption(TestKeys.ring("lists"))
                .lifetimes(SessionLifetimes.aal1())
                .maxTokenLifetime(LIFE)
                .clock(clock, clock.ticker())
                .withoutAuditLog()
                .build();
    }

    private static StatusListIssuer issuer(SessionService service) {
        try {
            KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            SigningKey key = SigningKey.of("k1", "EdDSA", pair.getPrivate(), pair.getPublic());
            return StatusListIssuer.of(
                            service, "https://issuer.example", key, URI.create("https://issuer.example/statuslists/"))
                    .build();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A node with three threads that give places without end, and say each. */
    static final class Issuing {
        static final String PLACE = "place ";

        private Issuing() {}

        /** The URL, and the prefix of the tables. */
        public static void main(String[] arguments) {
            HikariDataSource pool = Pools.of(arguments[0], 4);
            ManualClock clock = ManualClock.at(Given.NOW);
            StatusListIssuer issuer = issuer(service(pool, arguments[1], clock));
            TokenFacts facts = TokenFacts.in(Given.REALM)
                    .subject(HOLDER)
                    .issuedAt(clock.instant())
                    .build();
            for (int i = 0; i < 3; i++) {
                new Thread(() -> {
                            while (true) {
                                StatusReference place =
                                        issuer.allocate(facts, clock.instant().plus(LIFE));
                                String uri = place.uri().toString();
                                System.out.println(
                                        PLACE + uri.substring(uri.lastIndexOf('/') + 1) + " " + place.index());
                            }
                        })
                        .start();
            }
        }
    }
}
