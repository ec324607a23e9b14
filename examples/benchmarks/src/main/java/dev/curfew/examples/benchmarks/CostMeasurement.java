package dev.curfew.examples.benchmarks;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.curfew.LoginResult;
import dev.curfew.RevocationCause;
import dev.curfew.SessionService;
import dev.curfew.refresh.RefreshBinding;
import dev.curfew.refresh.RefreshRequest;
import dev.curfew.refresh.RefreshResult.Refreshed;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.SubjectId;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.FeedRead;
import dev.curfew.store.ListQuery;
import dev.curfew.store.RevocationFeed;
import dev.curfew.store.SessionStore;
import dev.curfew.store.Touch;
import dev.curfew.token.SessionAuthentication.Authenticated;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What each act costs besides time: round trips and bytes between a node and its store, the time of processors that the
 * server spends, and what it writes ahead to its log. How busy the machine is changes little of it.
 */
final class CostMeasurement {
    private static final int BATCHES = 5;
    private static final int PAGE = 10_000;
    /** A row is met, met again, and met with its number. */
    private static final int SETTLING_READS = 3;
    /** As many revocations as a busy host's node reads at once. */
    private static final int TOGETHER = 100;

    /** Longer than it takes to send what waits for no answer. */
    private static final Duration FAR = Duration.ofMillis(20);

    private static final Pattern PORT = Pattern.compile(":(\\d+)/");

    private final Report report;
    private final String server;
    private final Relay relay;
    private final ServerUse use;

    private CostMeasurement(Report report, String server, Relay relay, ServerUse use) {
        this.report = report;
        this.server = server;
        this.relay = relay;
        this.use = use;
    }

    /** Something that is done once for each number. */
    private interface Act {
        void run(int number);
    }

    static void run(Report report, int acts, int loaded) {
        String url = Servers.postgresUrl();
        Matcher port = PORT.matcher(url);
        if (!port.find()) {
            throw new IllegalStateException("no port in " + url);
        }
        try (Relay relay = Relay.to(Integer.parseInt(port.group(1)));
                ServerUse use = ServerUse.ofPostgres();
                HikariDataSource pool = pool(port.replaceFirst(":" + relay.port() + "/"))) {
            SessionStore store = CurfewStores.onPostgres(pool, "cost_");
            new CostMeasurement(report, "postgres", relay, use).run(store, acts, loaded);
        }
        try (Relay relay = Relay.to(Servers.redisPort())) {
            RedisClient client = RedisClient.create(RedisURI.create("127.0.0.1", relay.port()));
            try (var store = CurfewStores.onRedis(client, "cost");
                    ServerUse use = ServerUse.ofRedis(client)) {
                new CostMeasurement(report, "redis", relay, use).run(store, acts, loaded);
            } finally {
                client.shutdown();
            }
        }
    }

    private static HikariDataSource pool(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(1);
        return new HikariDataSource(config);
    }

    private void run(SessionStore store, int acts, int loaded) {
        try (SessionService service = CurfewStores.service(store)) {
            List<LoginResult.LoggedIn> logins = people(service, acts);
            touches(store, logins, acts);
            ends(service, logins, acts);
        }
        nodes(store, Math.max(2, acts / TOGETHER));
        load(store, loaded);
    }

    /** What people do, and what is asked for them. */
    private List<LoginResult.LoggedIn> people(SessionService service, int acts) {
        List<LoginResult.LoggedIn> logins = new ArrayList<>();
        measure(
                "login",
                acts,
                number -> logins.add((LoginResult.LoggedIn)
                        service.beginLogin(subject(number)).withSessionToken().complete(DeviceInfo.unknown())));
        measure("authoritative", acts, number -> {
            if (!(service.credentials().authenticate(TokenIssuer.REALM, tokenOf(logins.get(number)))
                    instanceof Authenticated)) {
                throw new IllegalStateException("the session is not known");
            }
        });
        measure("list", acts, number -> {
            if (service.listSessions(subject(number), ListQuery.live(20))
                    .entries()
                    .isEmpty()) {
                throw new IllegalStateException("a session is missing");
            }
        });
        String[] token = {
            tokenOf(service.beginLogin(subject(-1))
                    .withRefreshToken(RefreshBinding.none())
                    .complete(DeviceInfo.unknown()))
        };
        measure("refresh", acts, number -> {
            RefreshRequest request =
                    RefreshRequest.of(TokenIssuer.REALM, token[0]).attempt("attempt-of-a-benchmark-" + number);
            token[0] = ((Refreshed) service.credentials().refresh(request))
                    .refreshToken()
                    .reveal();
        });
        measure(
                "login.again",
                acts,
                number -> require(
                        service.beginLogin(subject(number)).withSessionToken().complete(DeviceInfo.unknown())));
        return logins;
    }

    /** The signs of life of sessions that are in use, together as a node writes them. */
    private void touches(SessionStore store, List<LoginResult.LoggedIn> logins, int acts) {
        measure("touch.100", Math.max(1, acts / TOGETHER) * BATCHES, number -> {
            Instant seen = Instant.now().plusMillis(number);
            store.touch(
                    logins.stream()
                            .limit(TOGETHER)
                            .map(login -> new Touch(login.session().ref(), seen))
                            .toList(),
                    Instant.now());
        });
    }

    private void ends(SessionService service, List<LoginResult.LoggedIn> logins, int acts) {
        List<Authenticated> found = logins.stream()
                .map(login -> (Authenticated) service.credentials().authenticate(TokenIssuer.REALM, tokenOf(login)))
                .toList();
        measure("logout", acts, number -> service.logout(found.get(number).caller()));
        measure(
                "revokeall",
                acts,
                number -> service.revokeAllSessions(
                        subject(number), RevocationCause.byUser(RevocationReason.REVOKED_BY_USER)));
    }

    /**
     * What a node does that follows the feed: it asks in vain, or reads what others have revoked. A store may bring an
     * entry again until its place is settled: by the third read at the latest.
     */
    private void nodes(SessionStore store, int rounds) {
        GeneratedRevocations revocations = new GeneratedRevocations(7, TokenIssuer.REALM, Instant.now(), List.of());
        RevocationFeed feed = store.feed().follower();
        FeedPosition[] place = {readOn(feed, FeedPosition.beginning()).place()};
        Runnable read = () -> place[0] = readOn(feed, place[0]).place();
        Runnable keepUp = () -> feed.upkeep(Instant.now(), () -> true);
        read.run();
        keepUp.run();
        read.run();
        measure("follow.idle", rounds * TOGETHER, number -> read.run());
        Tally first = new Tally();
        Tally again = new Tally();
        Tally upkeep = new Tally();
        Tally last = new Tally();
        long revoked = 0;
        for (int round = 0; round < rounds * BATCHES; round++) {
            store.record(revocations.range(revoked, revoked + TOGETHER), Instant.now());
            revoked += TOGETHER;
            first.add(1, read);
            again.add(1, read);
            upkeep.add(1, keepUp);
            last.add(1, read);
        }
        first.report("follow.100.first");
        again.report("follow.100.again");
        if (median(upkeep.sent).value() > 0) {
            upkeep.report("follow.100.upkeep");
        }
        last.report("follow.100.last");
    }

    /** What a node does that starts, for each revocation. */
    private void load(SessionStore store, int count) {
        GeneratedRevocations revocations = new GeneratedRevocations(8, TokenIssuer.REALM, Instant.now(), List.of());
        for (int from = 0; from < count; from += PAGE) {
            store.record(revocations.range(from, Math.min(count, from + PAGE)), Instant.now());
        }
        RevocationFeed feed = store.feed().follower();
        FeedPosition settled = FeedPosition.beginning();
        for (int i = 0; i < SETTLING_READS; i++) {
            settled = readOn(feed, settled).place();
            feed.upkeep(Instant.now(), () -> true);
        }
        int all = readOn(store.feed().follower(), FeedPosition.beginning()).entries();
        if (all < count) {
            throw new IllegalStateException("a revocation is missing");
        }
        Tally tally = new Tally();
        for (int i = 0; i < BATCHES; i++) {
            tally.add(all, () -> readOn(store.feed().follower(), FeedPosition.beginning()));
        }
        tally.report("load.entry");
    }

    private static ReadOn readOn(RevocationFeed feed, FeedPosition from) {
        FeedPosition place = from;
        int entries = 0;
        while (true) {
            if (!(feed.readAfter(place, PAGE, Instant.now()) instanceof FeedRead.Page page)) {
                throw new IllegalStateException("a gap");
            }
            place = page.next();
            entries += page.entries().size();
            if (page.isCaughtUp()) {
                return new ReadOn(place, entries);
            }
        }
    }

    /** How far a reader has come, and how much it has met. */
    private record ReadOn(FeedPosition place, int entries) {}

    /** The first of the batches warms up and does not count; in the second one, of a few acts, trips are counted. */
    private void measure(String name, int acts, Act act) {
        int batch = Math.max(1, acts / BATCHES);
        int[] number = {0};
        Runnable some = () -> {
            for (int i = 0; i < batch; i++) {
                act.run(number[0]++);
            }
        };
        some.run();
        Tally tally = new Tally();
        for (int i = 0; i < BATCHES; i++) {
            tally.addTrips(() -> act.run(number[0]++));
        }
        for (int i = 0; i < BATCHES; i++) {
            tally.add(batch, some);
        }
        tally.report(name);
    }

    private static LoginResult.LoggedIn require(LoginResult login) {
        return (LoginResult.LoggedIn) login;
    }

    private static String tokenOf(LoginResult login) {
        return require(login).token().orElseThrow().reveal();
    }

    private static SubjectId subject(int number) {
        return new SubjectId(TokenIssuer.REALM, "costing-" + number);
    }

    private static Figure median(List<Double> samples) {
        return Figure.median(samples.stream().mapToDouble(Double::doubleValue).toArray());
    }

    /** What one kind of act has cost, each time that it was counted. */
    private final class Tally {
        private final List<Double> trips = new ArrayList<>();
        private final List<Double> sent = new ArrayList<>();
        private final List<Double> received = new ArrayList<>();
        private final List<Double> micros = new ArrayList<>();
        private final List<Double> logged = new ArrayList<>();

        /** Does one act as if the server were far away. */
        void addTrips(Runnable act) {
            relay.distance(FAR);
            long before = relay.trips();
            act.run();
            trips.add((double) (relay.trips() - before));
            relay.distance(Duration.ZERO);
        }

        /** Does something that consists of so many acts. */
        void add(double acts, Runnable some) {
            long nanos = use.nanos();
            long log = use.logged();
            long sentBefore = relay.sent();
            long receivedBefore = relay.received();
            some.run();
            sent.add((relay.sent() - sentBefore) / acts);
            received.add((relay.received() - receivedBefore) / acts);
            micros.add((use.nanos() - nanos) / 1e3 / acts);
            logged.add((use.logged() - log) / acts);
        }

        void report(String act) {
            String name = "cost." + server + "." + act + ".";
            if (!trips.isEmpty()) {
                report.alone(name + "trips", median(trips), "");
            }
            report.alone(name + "sent", median(sent), "bytes");
            report.alone(name + "received", median(received), "bytes");
            report.alone(name + "cpu", median(micros), "us");
            if (median(logged).value() > 0) {
                report.alone(name + "log", median(logged), "bytes");
            }
        }
    }
}
