package dev.curfew.examples.benchmarks;

import dev.curfew.LoginResult;
import dev.curfew.SessionService;
import dev.curfew.crypto.KeyRing;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.session.SubjectId;
import dev.curfew.store.SessionStore;
import dev.curfew.token.SessionAuthentication.Authenticated;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Sessions with session tokens on one node, as a web application has them. Thread-safe. */
final class BrowsingSessions implements AutoCloseable {
    private static final long ROOMY = 1L << 30;

    private final SessionService service;
    private final List<String> tokens = new ArrayList<>();

    /** Begins so many sessions on a store. */
    BrowsingSessions(SessionStore store, int count) {
        byte[] key = new byte[KeyRing.KEY_BYTES];
        new SecureRandom().nextBytes(key);
        this.service = SessionService.builder()
                .store(store)
                .encryption(KeyRing.of("benchmark", key))
                .lifetimes(SessionLifetimes.aal1())
                .maxTokenLifetime(Duration.ofMinutes(15))
                .trustTokensOlderThanStore()
                .sessionCache(ROOMY)
                .withoutAuditLog()
                .build();
        for (int i = 0; i < count; i++) {
            LoginResult login = service.beginLogin(new SubjectId(TokenIssuer.REALM, "browsing-" + i))
                    .withSessionToken()
                    .attributes(Map.of("role", "customer"))
                    .complete(DeviceInfo.of("Firefox on Linux"));
            tokens.add(((LoginResult.LoggedIn) login).token().orElseThrow().reveal());
        }
    }

    /** Authenticates one of them, which is live. */
    boolean isLive(int number) {
        return service.credentials().authenticate(TokenIssuer.REALM, tokens.get(number)) instanceof Authenticated;
    }

    /** Each once, so that the node knows them. */
    void warmUp() {
        for (int i = 0; i < tokens.size(); i++) {
            if (!isLive(i)) {
                throw new IllegalStateException("a session of this run is not live");
            }
        }
    }

    @Override
    public void close() {
        service.close();
    }
}
