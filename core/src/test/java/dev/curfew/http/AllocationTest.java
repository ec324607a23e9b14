package dev.curfew.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.curfew.SessionService;
import dev.curfew.contract.TestTokens;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Realm;
import dev.curfew.session.Session;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.token.TokenVerifier;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What a request leaves to the garbage collector whose credential this node has seen before. Bytes are counted, which
 * do not depend on how quick the machine is; how much of them compilers avoid does, so that the bounds have room.
 */
class AllocationTest {
    private static final Realm REALM = Realm.of("shop");
    private static final int DIFFERENT = 64;
    private static final int CALLS = 20_000;
    private static final int ROUNDS = 6;

    private final TestTokens tokens = TestTokens.ours(REALM, Clock.systemUTC());
    private final TokenVerifier verifier =
            TokenVerifier.builder(tokens.policy()).cache(1_000).build();
    private final SessionService service = SessionService.builder()
            .store(InMemorySessionStore.create())
            .lifetimes(SessionLifetimes.aal2())
            .tokenPolicies(tokens.policy())
            .trustTokensOlderThanStore()
            .withoutAuditLog()
            .build();

    @AfterEach
    void close() {
        service.close();
    }

    /** One copy of the text would be 700, and a digest more than 300. Seen: 88 to 208. */
    @Test
    void an_access_token_that_was_seen_before_is_verified_and_checked_without_a_copy_of_it() {
        List<String> texts = accessTokens();
        assertThat(texts.get(0).length()).isBetween(650, 750);

        long bytes = bytesOfOne(
                texts, text -> service.checker().check(verifier.verify(text)).permits());

        assertThat(bytes).as("bytes a request").isLessThan(350);
    }

    /** One copy is the token behind its scheme. Seen: 2,350 at most; with three it was 6,900. */
    @Test
    void a_request_with_an_access_token_that_was_seen_before_makes_one_copy_of_it() {
        BearerAuthentication authentication = SessionEndpoints.builder()
                .service(service)
                .verifier(verifier)
                .withoutTouch()
                .build()
                .authentication();
        List<String> headers =
                accessTokens().stream().map(text -> "Bearer " + text).toList();

        long bytes = bytesOfOne(
                headers,
                header -> authentication.authenticate(EndpointRequest.of("GET")
                                .header("Authorization", header)
                                .build())
                        instanceof AuthenticationResult.Authenticated);

        assertThat(bytes).as("bytes a request").isLessThan(3_500);
    }

    private List<String> accessTokens() {
        return Stream.generate(() ->
                        tokens.draft(login()).with("scope", "r".repeat(200)).compact())
                .limit(DIFFERENT)
                .toList();
    }

    private Session login() {
        return service.beginLogin(tokens.subject("alice"))
                .complete(DeviceInfo.unknown())
                .orElseThrow();
    }

    /** In the round with the fewest, as compilers come late. */
    private static long bytesOfOne(List<String> texts, Predicate<String> passes) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long fewest = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < CALLS; i++) {
                if (!passes.test(texts.get(i % texts.size()))) {
                    throw new AssertionError("a good credential was refused");
                }
            }
            long after = threads.getCurrentThreadAllocatedBytes();
            fewest = Math.min(fewest, (after - before) / CALLS);
        }
        return fewest;
    }
}
