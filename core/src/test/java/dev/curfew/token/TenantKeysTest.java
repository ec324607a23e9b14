package dev.curfew.token;

import static dev.curfew.token.TokenAssertions.isRefused;
import static dev.curfew.token.TokenKeysTest.rsa;
import static dev.curfew.token.TokenKeysTest.set;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import dev.curfew.crypto.KeysUnavailableException;
import dev.curfew.meter.Meter;
import dev.curfew.session.Realm;
import dev.curfew.token.InvalidTokenException.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Keys that each tenant publishes at an address of its own: no tenant's keys or troubles are another's. */
@Timeout(60)
class TenantKeysTest {
    private static final int FEW = 4;

    private final Map<String, AtomicInteger> requests = new ConcurrentHashMap<>();
    private final Map<String, String> published = new ConcurrentHashMap<>();
    private final Set<String> known = ConcurrentHashMap.newKeySet();
    private final CountDownLatch gate = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            String tenant = exchange.getRequestURI().getPath().split("/", -1)[1];
            requests.computeIfAbsent(tenant, name -> new AtomicInteger()).incrementAndGet();
            if (tenant.equals("slow")) {
                try {
                    gate.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            byte[] body = published.getOrDefault(tenant, "{}").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        publish("acme", TestIssuer.RSA);
        publish("globex", TestIssuer.OTHER_RSA);
        publish("slow", TestIssuer.RSA);
    }

    @AfterEach
    void stop() {
        gate.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    void each_tenant_has_its_own_keys_also_where_their_ids_collide() {
        TokenVerifier verifier = verifier(policy().tenants("acme", "globex"));

        assertThat(verifier.verify(token("acme", TestIssuer.RSA)).realm()).isEqualTo(Realm.of("kc:acme"));
        assertThat(verifier.verify(token("globex", TestIssuer.OTHER_RSA)).realm())
                .isEqualTo(Realm.of("kc:globex"));
        isRefused(verifier, token("acme", TestIssuer.OTHER_RSA), Reason.SIGNATURE);
        isRefused(verifier, token("globex", TestIssuer.RSA), Reason.SIGNATURE);
        for (int i = 0; i < 20; i++) {
            assertThat(verifier.verify(token("acme", TestIssuer.RSA))).isNotNull();
        }
        assertThat(requests("acme")).isOne();
        assertThat(requests("globex")).isOne();
    }

    @Test
    void nothing_is_loaded_for_a_tenant_that_is_not_allowed() {
        TokenVerifier verifier = verifier(policy().tenantsWhere(known::contains));
        known.add("acme");

        for (int i = 0; i < 200; i++) {
            isRefused(verifier, token("evil" + i, TestIssuer.RSA), Reason.ISSUER);
        }
        isRefused(verifier, token("globex", TestIssuer.OTHER_RSA), Reason.ISSUER);
        assertThat(verifier.verify(token("acme", TestIssuer.RSA))).isNotNull();
        assertThat(requests).containsOnlyKeys("acme");
    }

    @Test
    void beyond_the_bound_no_tenant_is_given_up_for_another() {
        TokenVerifier verifier = verifier(policy().tenantsWhere(known::contains).tenantsAtMost(1));
        known.addAll(List.of("acme", "globex"));
        String acme = token("acme", TestIssuer.RSA);
        assertThat(verifier.verify(acme)).isNotNull();

        for (int i = 0; i < 100; i++) {
            assertThatExceptionOfType(KeysUnavailableException.class)
                    .isThrownBy(() -> verifier.verify(token("globex", TestIssuer.OTHER_RSA)))
                    .withMessageContaining("tenantsAtMost");
        }
        assertThat(requests).containsOnlyKeys("acme");
        assertThat(verifier.verify(acme)).isNotNull();
        known.remove("acme");
        isRefused(verifier, acme, Reason.ISSUER);
        assertThat(verifier.verify(token("globex", TestIssuer.OTHER_RSA)))
                .as("who is not allowed any more makes room")
                .isNotNull();
    }

    @Test
    void forged_tokens_of_one_tenant_cost_one_load_and_nobody_else_anything() {
        TokenVerifier verifier = verifier(policy().tenants("acme", "globex"));
        assertThat(verifier.verify(token("globex", TestIssuer.OTHER_RSA))).isNotNull();

        for (int i = 0; i < 500; i++) {
            String forged = forged("acme", i);
            assertThatExceptionOfType(InvalidTokenException.class).isThrownBy(() -> verifier.verify(forged));
        }
        assertThat(requests("acme")).isLessThanOrEqualTo(2);
        assertThat(requests("globex")).isOne();
        assertThat(verifier.verify(token("acme", TestIssuer.RSA))).isNotNull();
    }

    @Test
    void few_callers_wait_for_a_tenant_whose_keys_do_not_come_and_others_are_served() throws Exception {
        TokenVerifier verifier = verifier(policy().tenants("acme", "slow"));
        CountDownLatch refused = new CountDownLatch(6);
        List<Future<Boolean>> callers = new ArrayList<>();
        for (int i = 0; i < FEW + 6; i++) {
            callers.add(threads.submit(() -> {
                try {
                    return verifier.verify(token("slow", TestIssuer.RSA)) != null;
                } catch (KeysUnavailableException e) {
                    refused.countDown();
                    return false;
                }
            }));
        }

        assertThat(refused.await(30, TimeUnit.SECONDS))
                .as("all but few do not wait")
                .isTrue();
        assertThat(verifier.verify(token("acme", TestIssuer.RSA))).isNotNull();

        gate.countDown();
        int served = 0;
        for (Future<Boolean> caller : callers) {
            served += caller.get(30, TimeUnit.SECONDS) ? 1 : 0;
        }
        assertThat(served).isEqualTo(FEW);
        assertThat(requests("slow")).isOne();
    }

    @Test
    void loads_are_counted_for_all_tenants_together() {
        TokenVerifier verifier = verifier(policy().tenants("acme", "globex"));
        verifier.verify(token("acme", TestIssuer.RSA));
        verifier.verify(token("globex", TestIssuer.OTHER_RSA));

        assertThat(verifier.meters())
                .filteredOn(meter -> meter.name().equals("curfew.keys.loads"))
                .hasSize(2)
                .allMatch(meter -> "kc".equals(meter.tags().get("realm")))
                .filteredOn(meter -> "success".equals(meter.tags().get("result")))
                .singleElement()
                .isInstanceOfSatisfying(
                        Meter.Counter.class,
                        counter -> assertThat(counter.count().getAsLong()).isEqualTo(2));
    }

    private TenantPolicyBuilder policy() {
        return TenantPolicy.forIssuers("https://kc.example/realms/{tenant}")
                .realms("kc")
                .keysOfEach(
                        "http://localhost:" + server.getAddress().getPort() + "/{tenant}/certs",
                        RemoteKeyOptions.builder()
                                .timeout(Duration.ofSeconds(40))
                                .waitingAtMost(FEW)
                                .build())
                .tokens(tokens -> tokens.audience(TestIssuer.AUDIENCE)
                        .sessionIds(SessionIds.FOREIGN)
                        .maxTokenLifetime(TestIssuer.LIFETIME));
    }

    private static TokenVerifier verifier(TenantPolicyBuilder policy) {
        return TokenVerifier.builder(policy.build()).clock(TestIssuer.CLOCK).build();
    }

    private int requests(String tenant) {
        return requests.getOrDefault(tenant, new AtomicInteger()).get();
    }

    private void publish(String tenant, KeyPair key) {
        published.put(tenant, set(rsa(key.getPublic(), "k1")));
    }

    private static String token(String tenant, KeyPair key) {
        return TestIssuer.sign(
                "RS256",
                "{\"alg\":\"RS256\",\"typ\":\"at+jwt\",\"kid\":\"k1\"}".getBytes(StandardCharsets.UTF_8),
                TestIssuer.json(TestIssuer.claimsWith("iss", "https://kc.example/realms/" + tenant))
                        .getBytes(StandardCharsets.UTF_8),
                key);
    }

    private static String forged(String tenant, int number) {
        return TestIssuer.base64("{\"alg\":\"RS256\",\"typ\":\"at+jwt\",\"kid\":\"f" + number + "\"}") + "."
                + TestIssuer.base64(
                        TestIssuer.json(TestIssuer.claimsWith("iss", "https://kc.example/realms/" + tenant)))
                + "." + TestIssuer.base64("x".repeat(256));
    }
}
