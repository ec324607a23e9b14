package dev.curfew.examples.benchmarks;

import dev.curfew.LoginResult;
import dev.curfew.RevocationOutcome;
import dev.curfew.SessionService;
import dev.curfew.crypto.KeyRing;
import dev.curfew.refresh.RefreshBinding;
import dev.curfew.refresh.RefreshPolicy;
import dev.curfew.refresh.RefreshRequest;
import dev.curfew.refresh.RefreshResult.Refreshed;
import dev.curfew.refresh.RetryRule;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.session.SubjectId;
import dev.curfew.store.ListQuery;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Logins, refreshes, lists and logouts as people make them: how long each takes at a fixed rate, and how many the store
 * takes at most, beside the least that the same server can do for a write.
 */
final class MixMeasurement {
    private static final int THREADS = 16;
    private static final int PEOPLE = 2_000;

    /** So many have logged in before. */
    private static final int FIRST = 200;

    /** Of twenty: people come once, come back often, look seldom, and not all of them say goodbye. */
    private static final int OF = 20;

    private static final int LOGINS = 4;
    private static final int REFRESHES = 17;
    private static final int LISTS = 19;

    /** A rate that a server takes easily, so that times are those of calls and not of a queue. */
    private static final double EASY = 0.3;

    private final SessionService service;
    private final Queue<String> tokens = new ConcurrentLinkedQueue<>();

    private MixMeasurement(SessionService service) {
        this.service = service;
    }

    private enum Verb {
        LOGIN,
        REFRESH,
        LIST,
        LOGOUT;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Verb of(int number) {
            int turn = number % OF;
            return turn < LOGINS ? LOGIN : turn < REFRESHES ? REFRESH : turn < LISTS ? LIST : LOGOUT;
        }
    }

    static void run(Report report, Duration duration, ScaleServer server) {
        try (ScaleServer.Opened opened = server.open("mix", THREADS);
                SessionService service = service(opened);
                ScaleServer.Bare bare = server.bare(THREADS)) {
            new MixMeasurement(service).measure(report, duration, "mix." + server.name() + ".", bare);
        }
    }

    private static SessionService service(ScaleServer.Opened opened) {
        byte[] key = new byte[KeyRing.KEY_BYTES];
        new SecureRandom().nextBytes(key);
        return SessionService.builder()
                .store(opened.store())
                .encryption(KeyRing.of("benchmark", key))
                .lifetimes(SessionLifetimes.aal1())
                .maxTokenLifetime(Duration.ofMinutes(15))
                .refreshTokens(RefreshPolicy.withoutKey(RetryRule.strict()))
                .trustTokensOlderThanStore()
                .withoutAuditLog()
                .build();
    }

    private void measure(Report report, Duration duration, String name, ScaleServer.Bare bare) {
        for (int i = 0; i < FIRST; i++) {
            login();
        }
        double most = OpenLoop.most(duration, THREADS, this::act);
        double rate = most * EASY;
        OpenLoop.Outcome base = OpenLoop.run(rate, duration, THREADS, number -> bare.write());
        OpenLoop.Outcome mixed = OpenLoop.run(rate, duration, THREADS, this::act);
        System.err.printf(Locale.ROOT, "  %s %.0f/s at most; at %.0f/s %d failed%n", name, most, rate, mixed.failed());
        report.alone(name + "max_rate", most, "/s");
        report.alone(name + "rate", mixed.perSecond(), "/s");
        for (int percent : new int[] {50, 99}) {
            Figure least = base.latencies().figure(percent).in(1e6);
            report.alone(name + "bare.p" + percent, least, "ms");
            for (Verb verb : Verb.values()) {
                Figure taken = mixed.latencies(number -> Verb.of(number).equals(verb))
                        .figure(percent)
                        .in(1e6);
                report.times(name + verb.label() + ".p" + percent, taken, "ms", bare.name(), least);
            }
        }
    }

    private void act(int number) {
        switch (Verb.of(number)) {
            case LOGIN -> login();
            case REFRESH -> refresh();
            case LIST -> service.listSessions(somebody(), ListQuery.live(20));
            case LOGOUT -> logout();
        }
    }

    private static SubjectId somebody() {
        return new SubjectId(
                TokenIssuer.REALM, "person-" + ThreadLocalRandom.current().nextInt(PEOPLE));
    }

    private void login() {
        LoginResult login = service.beginLogin(somebody())
                .withRefreshToken(RefreshBinding.none())
                .complete(DeviceInfo.unknown());
        tokens.add(((LoginResult.LoggedIn) login).token().orElseThrow().reveal());
    }

    private void refresh() {
        RefreshRequest request = RefreshRequest.of(TokenIssuer.REALM, tokens.remove())
                .attempt("attempt-of-somebody-" + ThreadLocalRandom.current().nextLong());
        tokens.add(((Refreshed) service.credentials().refresh(request))
                .refreshToken()
                .reveal());
    }

    private void logout() {
        RevocationOutcome outcome = service.credentials().revokeByToken(TokenIssuer.REALM, tokens.remove(), null);
        if (!(outcome instanceof RevocationOutcome.Revoked)) {
            throw new IllegalStateException("a logout ends nothing: " + outcome);
        }
    }
}
