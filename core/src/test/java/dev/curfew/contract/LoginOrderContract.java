package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.revocation.LoginOrder;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.ClientId;
import dev.curfew.session.Realm;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SubjectId;
import dev.curfew.store.InsertResult;
import dev.curfew.store.Precondition;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A login that began before a cut-off is ended by it and one that began after is not, whatever the nodes' clocks say.
 */
@Tag("OrderingLogins")
abstract class LoginOrderContract extends StoreContract {
    private static final int SKEW = (int) Given.SETTINGS.nodeSkew().toMillis();

    LoginOrderContract(Supplier<? extends StoreFixture> fixtures) {
        super(fixtures);
    }

    @Test
    void a_login_that_began_before_a_cut_off_and_completes_after_it_is_refused() {
        for (Clock[] nodes : skewedClocks()) {
            Login login = new Login(alice, nodes[0]);
            login.begin(0);
            revoke(RevocationTarget.subject(alice), nodes[1]);

            assertThat(login.complete()).as("%s", nodes[0]).isInstanceOf(InsertResult.Covered.class);
            assertThat(live(alice)).isEmpty();
        }
    }

    @Test
    void a_login_that_completed_before_a_cut_off_is_ended_by_it() {
        for (Clock[] nodes : skewedClocks()) {
            Login login = new Login(alice, nodes[0]);
            login.begin(0);
            assertThat(login.complete()).as("%s", nodes[0]).isEqualTo(new InsertResult.Inserted(List.of()));
            revoke(RevocationTarget.subject(alice), nodes[1]);

            assertThat(login.isLive()).as("%s", nodes[0]).isFalse();
        }
    }

    @Test
    void a_login_that_began_after_a_cut_off_lives() {
        for (Clock[] nodes : skewedClocks()) {
            revoke(RevocationTarget.subject(alice), nodes[1]);
            Login login = new Login(alice, nodes[0]);
            login.begin(0);

            assertThat(login.complete()).as("%s", nodes[0]).isEqualTo(new InsertResult.Inserted(List.of()));
            assertThat(login.isLive()).as("%s", nodes[0]).isTrue();
        }
    }

    @Test
    void a_login_that_began_right_after_the_birth_of_the_store_lives() {
        clock.set(Given.BIRTH);
        Login login = new Login(alice, clock);
        login.begin(0);

        assertThat(login.complete()).isEqualTo(new InsertResult.Inserted(List.of()));
        revoke(RevocationTarget.subject(alice), Clock.offset(clock, Duration.ofMillis(-SKEW)));
        assertThat(login.isLive()).isFalse();
    }

    @Test
    void in_every_history_of_logins_and_cut_offs_exactly_the_later_logins_live() {
        for (int seed = 0; seed < fixture().rounds(); seed++) {
            new History(seed).run();
        }
    }

    /** Pairs of clocks that are apart by as much as is allowed, and by less. */
    private List<Clock[]> skewedClocks() {
        List<Clock[]> pairs = new ArrayList<>();
        for (int apart : new int[] {-SKEW, -SKEW + 1, -1, 0, 1, SKEW - 1, SKEW}) {
            pairs.add(new Clock[] {clock, Clock.offset(clock, Duration.ofMillis(apart))});
        }
        return pairs;
    }

    private void revoke(RevocationTarget target, Clock node) {
        recorded(store().revoke(Given.act(target).build(), Precondition.none(), node.instant()));
    }

    /** One login on a node, with what it must begin after. */
    private final class Login {
        private final SubjectId subject;
        private final Clock node;
        private final ClientId client;
        private int begunAt = -1;
        private Instant authenticatedAt = Instant.EPOCH;
        private GivenSession session;

        Login(SubjectId subject, Clock node) {
            this(subject, node, Given.client("web"));
        }

        Login(SubjectId subject, Clock node, ClientId client) {
            this.subject = subject;
            this.node = node;
            this.client = client;
        }

        void begin(int step) {
            Instant reading = node.instant();
            authenticatedAt = LoginOrder.authenticatedAt(reading, store().newestCutOff(subject, reading));
            begunAt = step;
        }

        InsertResult complete() {
            session = Given.session(subject)
                    .began(authenticatedAt)
                    .stored(node.instant())
                    .client(client)
                    .build();
            return store().insert(session.row(), SessionLimit.unlimited(), node.instant());
        }

        boolean isLive() {
            return store().find(session.ref(), node.instant())
                    .filter(found -> found.isLive(node.instant()))
                    .isPresent();
        }
    }

    /** A random history, replayable by its seed. */
    private final class History {
        private final int seed;
        private final Random random;
        private final Realm realm;
        private final List<Login> begun = new ArrayList<>();
        private final List<Login> completed = new ArrayList<>();
        private final List<Integer> cutOffSteps = new ArrayList<>();
        private final List<RevocationTarget> cutOffs = new ArrayList<>();
        private final List<Clock> nodes;

        History(int seed) {
            this.seed = seed;
            this.random = new Random(seed);
            this.realm = Realm.of("history-" + seed);
            this.nodes = List.of(
                    clock,
                    Clock.offset(clock, Duration.ofMillis(SKEW / 2)),
                    Clock.offset(clock, Duration.ofMillis(-SKEW / 2)));
        }

        void run() {
            for (int step = 0; step < 30; step++) {
                switch (random.nextInt(5)) {
                    case 0, 1 -> begin(step);
                    case 2 -> complete();
                    case 3 -> cutOff(step);
                    default -> clock.advance(Duration.ofMillis(random.nextInt(SKEW)));
                }
            }
            while (!begun.isEmpty()) {
                complete();
            }
            clock.advance(Duration.ofMillis(2L * SKEW));
            for (Login login : completed) {
                assertThat(login.isLive())
                        .as("history %s, login begun at step %s", seed, login.begunAt)
                        .isEqualTo(!isOvertaken(login));
            }
        }

        private void begin(int step) {
            Login login = new Login(oneOf(subjects()), oneOf(nodes), oneOf(clients()));
            login.begin(step);
            begun.add(login);
        }

        private void complete() {
            if (!begun.isEmpty()) {
                Login login = begun.remove(random.nextInt(begun.size()));
                InsertResult result = login.complete();
                assertThat(result instanceof InsertResult.Covered)
                        .as("history %s, login begun at step %s", seed, login.begunAt)
                        .isEqualTo(isOvertaken(login));
                completed.add(login);
            }
        }

        private void cutOff(int step) {
            RevocationTarget target = oneOf(List.of(
                    RevocationTarget.subject(subjects().get(0)),
                    RevocationTarget.subject(subjects().get(1)),
                    RevocationTarget.client(clients().get(0)),
                    RevocationTarget.client(clients().get(1)),
                    RevocationTarget.realm(realm)));
            revoke(target, oneOf(nodes));
            cutOffs.add(target);
            cutOffSteps.add(step);
        }

        private boolean isOvertaken(Login login) {
            for (int i = 0; i < cutOffs.size(); i++) {
                RevocationTarget target = cutOffs.get(i);
                boolean names = target.equals(RevocationTarget.subject(login.subject))
                        || target.equals(RevocationTarget.client(login.client))
                        || target.equals(RevocationTarget.realm(realm));
                if (names && cutOffSteps.get(i) > login.begunAt) {
                    return true;
                }
            }
            return false;
        }

        private List<SubjectId> subjects() {
            return List.of(new SubjectId(realm, "alice"), new SubjectId(realm, "bob"));
        }

        private List<ClientId> clients() {
            return List.of(new ClientId(realm, "web"), new ClientId(realm, "app"));
        }

        private <T> T oneOf(List<T> choices) {
            return choices.get(random.nextInt(choices.size()));
        }
    }
}
