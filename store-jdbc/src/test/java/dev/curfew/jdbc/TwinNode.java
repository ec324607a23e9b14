package dev.curfew.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import dev.curfew.SessionService;
import dev.curfew.check.RevocationDecision.Outcome;
import dev.curfew.contract.Given;
import dev.curfew.contract.ManualClock;
import dev.curfew.contract.TestTokens;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SubjectId;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.FeedRead;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevocationFeed;
import dev.curfew.store.SessionStore;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.token.VerifiedToken;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/**
 * The process of a twin run that is stopped. It writes, follows the feed, numbers it and purges without end, so that at
 * any moment it probably holds a lock; it obeys the lines that come in.
 */
final class TwinNode {
    /** Takes one lock of each kind, and says {@code holds} and its name, once for each. */
    static final String HOLD = "hold";

    /** Commits what holds these locks, and says {@code lost} or {@code kept} and the name of each. */
    static final String GO_ON = "go on";

    /** Says {@code fresh} as soon as a check can be answered from all that is acknowledged. */
    static final String FRESH = "fresh";

    /** Before a subject and its session; says {@code answer} and the outcome of a usual check. */
    static final String CHECK = "check ";

    /** Ends all, and says {@code ended}. */
    static final String END = "end";

    static final String ENDED = "ended";

    static final String ANSWER = "answer ";

    static final String BROKEN = "broken ";

    /** Whose lock {@link #HOLD} takes. */
    static final SubjectId HELD = Given.subject("held");

    /** By so many subjects both nodes are busied. */
    static final int SHARED = 16;

    private final HikariDataSource pool;
    private final String prefix;
    private final JdbcSessionStore store;
    private final SessionService service;
    private final TestTokens tokens = TestTokens.ours(Given.REALM, ManualClock.at(Given.NOW));
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean isOver;

    private TwinNode(HikariDataSource pool, String prefix) {
        this.pool = pool;
        this.prefix = prefix;
        this.store = Stores.impatient(pool, prefix);
        this.service = service(store, tokens);
    }

    /** The URL, and the prefix. */
    public static void main(String[] arguments) throws Exception {
        TwinNode node = new TwinNode(Pools.of(arguments[0], 16), arguments[1]);
        node.busy(n -> login(node.store, shared(n)));
        node.busy(n -> revokeAll(node.store, n % 5 == 0 ? shared(n) : Given.subject("gone-" + n)));
        node.busy(new Following(node.store)::goOn);
        node.busy(n -> node.store.purge(Given.NOW, 1));
        node.obey(new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)));
        node.end();
    }

    /** In order: a connection that only breaks off makes the server complain. */
    private void end() throws InterruptedException {
        isOver = true;
        for (Thread thread : threads) {
            thread.join();
        }
        service.close();
        store.close();
        pool.close();
        say(ENDED);
    }

    /** A service with its defaults, as both nodes have it. */
    static SessionService service(JdbcSessionStore store, TestTokens tokens) {
        return SessionService.builder()
                .store(store)
                .storeSessionsUnencrypted()
                .lifetimes(SessionLifetimes.aal2())
                .tokenPolicies(tokens.policy())
                .clock(ManualClock.at(Given.NOW))
                .withoutAuditLog()
                .build();
    }

    static SubjectId shared(int number) {
        return Given.subject("shared-" + number % SHARED);
    }

    private void obey(BufferedReader commands) throws IOException {
        for (String line = commands.readLine(); line != null && !line.equals(END); line = commands.readLine()) {
            if (line.equals(HOLD)) {
                hold("LOGIN", "INSERT INTO \\w+_session\\b", held -> login(held, HELD));
                hold("NUMBERING", "UPDATE \\w+_revocation SET position", held -> new Following(held).goOn(0));
                hold("PURGE", "DELETE FROM \\w+_revocation\\b", held -> held.purge(Given.NOW, 1));
            } else if (line.equals(GO_ON)) {
                goOn.countDown();
            } else if (line.equals(FRESH)) {
                VerifiedToken any = tokens.draft("any").verified();
                while (!isAnswered(any)) {
                    LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
                }
                say(FRESH);
            } else if (line.startsWith(CHECK)) {
                String[] words = line.split(" ", -1);
                VerifiedToken token =
                        tokens.draft(words[1]).with("sid", words[2]).verified();
                say(ANSWER + service.checker().check(token).outcome());
            }
        }
    }

    /** What a process that was stopped had asked has no answer when it wakes; the next question has. */
    private boolean isAnswered(VerifiedToken token) {
        try {
            return service.checker().requireFresh(token).outcome() != Outcome.UNKNOWN;
        } catch (StoreUnavailableException e) {
            return false;
        }
    }

    /** Repeats something; that the store does not answer is no fault in a process that is stopped now and then. */
    private void busy(Consumer<Integer> act) {
        Thread thread = new Thread(() -> {
            for (int n = 0; !isOver; n++) {
                try {
                    act.accept(n);
                } catch (StoreUnavailableException e) {
                    // The next one may be answered.
                } catch (RuntimeException | AssertionError e) {
                    say(BROKEN + e);
                    throw e;
                }
                LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
            }
        });
        threads.add(thread);
        thread.start();
    }

    /** Repeats something until a transaction of it has executed a statement and would commit. */
    private void hold(String name, String pattern, Consumer<JdbcSessionStore> act) {
        boolean[] isHeld = {false};
        Pattern sought = Pattern.compile(pattern);
        DataSource holding =
                SilentNode.source(pool, sql -> !isHeld[0] && sought.matcher(sql).find(), () -> {
                    isHeld[0] = true;
                    say("holds " + name);
                    try {
                        goOn.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });
        JdbcSessionStore patient = Stores.node(holding, prefix);
        patient.open(Given.SETTINGS, Given.NOW);
        Stores.OWN_THREADS.execute(() -> {
            while (!isHeld[0]) {
                try {
                    act.accept(patient);
                    if (isHeld[0]) {
                        say("kept " + name);
                    }
                } catch (StoreUnavailableException e) {
                    if (isHeld[0]) {
                        say("lost " + name);
                    }
                } catch (RuntimeException | AssertionError e) {
                    say(BROKEN + e);
                    throw e;
                }
            }
        });
    }

    private static void login(SessionStore store, SubjectId subject) {
        store.insert(Given.session(subject).build().row(), SessionLimit.unlimited(), Given.NOW);
    }

    private static void revokeAll(SessionStore store, SubjectId subject) {
        store.revoke(Given.act(RevocationTarget.subject(subject)).build(), Precondition.none(), Given.NOW);
    }

    private static synchronized void say(String line) {
        System.out.println(line);
        System.out.flush();
    }

    /** Reads the feed to its end and numbers what it met. Confined to one thread. */
    private static final class Following {
        private final RevocationFeed follower;
        private FeedPosition position = FeedPosition.beginning();

        Following(SessionStore store) {
            this.follower = store.feed().follower();
        }

        void goOn(int number) {
            // Only what was met twice is numbered.
            for (int i = 0; i < 2; i++) {
                boolean isCaughtUp = false;
                while (!isCaughtUp) {
                    FeedRead read = follower.readAfter(position, 1_000, Given.NOW);
                    isCaughtUp = read instanceof FeedRead.Page page && page.isCaughtUp();
                    position = read instanceof FeedRead.Page page ? page.next() : FeedPosition.beginning();
                }
                follower.upkeep(Given.NOW, () -> true);
            }
        }
    }
}
