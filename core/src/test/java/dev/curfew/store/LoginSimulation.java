package dev.curfew.store;

import static dev.curfew.session.Seeds.oneOf;
import static dev.curfew.session.Seeds.percent;

import dev.curfew.revocation.ExemptSession;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.ClientId;
import dev.curfew.session.Realm;
import dev.curfew.session.Seeds;
import dev.curfew.session.SessionId;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * One random history of logins and cut-offs on a few nodes, whose clocks are off by up to half of {@code nodeSkew} each
 * way and step back and forth within it.
 *
 * <p>Every atomic step has a number in true time. A login has begun when it has read the cut-offs: what it checks of a
 * credential, it checks afterwards. A cut-off happens between its call's clock reading and its step in the store,
 * mostly without anything between them.
 */
final class LoginSimulation {
    private static final int NODES = 3;
    private static final int STEPS = 60;
    private static final Realm REALM = Realm.of("tenant");
    private static final List<SubjectId> SUBJECTS = List.of(new SubjectId(REALM, "alice"), new SubjectId(REALM, "bob"));
    private static final List<ClientId> CLIENTS = List.of(new ClientId(REALM, "web"), new ClientId(REALM, "mobile"));

    private final Random random;
    private final LoginRule rule;
    private final Duration nodeSkew;
    private final long[] offsetMicros = new long[NODES];
    private final List<Login> logins = new ArrayList<>();
    private final List<CutOff> cutOffs = new ArrayList<>();
    private final ModelStore store;
    private Instant trueTime = Instant.parse("2026-03-01T10:00:00Z");
    private int step;

    LoginSimulation(Random random, LoginRule rule) {
        this.random = random;
        this.rule = rule;
        this.nodeSkew = Duration.ofMillis(oneOf(random, 0, 1, 50, 2_000));
        shiftClocks();
        this.store = new ModelStore(rule, nodeSkew, clock(0));
    }

    /** Runs the history, lets every login end, and answers the first fault. */
    Optional<String> fault() {
        for (int i = 0; i < STEPS; i++) {
            pass();
            act();
        }
        logins.forEach(login -> {
            while (!login.isOver()) {
                login.advance();
            }
        });
        return cutOffs.stream()
                .flatMap(cutOff -> logins.stream().flatMap(login -> cutOff.faultWith(login).stream()))
                .findFirst();
    }

    /** How many pairs of a login and a cut-off were judged. */
    long judged() {
        return (long) logins.size() * cutOffs.size();
    }

    private void act() {
        List<Login> open = logins.stream().filter(login -> !login.isOver()).toList();
        if (percent(random, 20)) {
            shiftClocks();
        } else if (percent(random, 25)) {
            cutOffs.add(new CutOff());
        } else if (!open.isEmpty() && percent(random, 65)) {
            oneOf(random, open).advance();
        } else {
            logins.add(new Login());
        }
    }

    private void pass() {
        long micros = Math.max(1, nodeSkew.toNanos() / 1_000);
        trueTime = trueTime.plus(oneOf(random, 0L, 1L, 700L, micros / 8, micros / 2, micros), ChronoUnit.MICROS);
    }

    private void shiftClocks() {
        long bound = nodeSkew.toNanos() / 2_000;
        for (int node = 0; node < NODES; node++) {
            if (percent(random, 60)) {
                offsetMicros[node] = oneOf(random, -bound, bound, Math.round((random.nextDouble() * 2 - 1) * bound));
            }
        }
    }

    private Instant clock(int node) {
        return trueTime.plus(offsetMicros[node], ChronoUnit.MICROS);
    }

    /** Begins by two reads, then waits for its credentials, then completes. */
    private final class Login {
        private final int node = random.nextInt(NODES);
        private final SubjectId subject = oneOf(random, SUBJECTS);
        private final ClientId client = oneOf(random, CLIENTS);
        private final boolean knowsSubject = percent(random, 85);
        private int clockRead;
        private int cutOffsRead;
        private Instant clockReading = Instant.EPOCH;
        private Instant newestCutOff = Instant.EPOCH;
        private int stage;
        private TokenFacts facts = TokenFacts.in(REALM).build();

        boolean isOver() {
            return stage == 3;
        }

        void advance() {
            switch (stage) {
                case 0 -> read(rule.readsClockFirst());
                case 1 -> read(!rule.readsClockFirst());
                default -> complete();
            }
            stage++;
        }

        private void read(boolean clock) {
            if (clock) {
                clockReading = clock(node);
                clockRead = ++step;
            } else {
                newestCutOff = knowsSubject ? store.newestCutOff(subject) : Instant.EPOCH;
                cutOffsRead = ++step;
            }
        }

        private void complete() {
            SessionId id = Seeds.mint(random, subject, rule.authenticatedAt(clockReading, newestCutOff));
            SessionRef ref = SessionRef.of(subject, id);
            facts = TokenFacts.ofSession(
                    REALM.key(), ref.key(), subject.key(), client.key(), id.authenticatedAt(), ref.bucket());
            store.insert(facts, clock(node));
            step++;
        }
    }

    /**
     * A cut-off that means "now": of a subject, sparing one of its live sessions or none, of a client, or of the realm.
     */
    private final class CutOff {
        private final int clockRead;
        private final int happened;
        private final Optional<Login> spared;
        private final Revocation entry;

        CutOff() {
            Instant now = clock(random.nextInt(NODES));
            clockRead = ++step;
            if (percent(random, 15)) {
                pass();
                logins.stream().filter(login -> !login.isOver()).findAny().ifPresent(Login::advance);
            }
            RevocationTarget target = target();
            spared = percent(random, 50) ? liveSessionOf(target, now) : Optional.empty();
            RevocationRequest.Builder request = RevocationRequest.of(target, new OperationId(random.nextLong(), step));
            spared.map(login -> ExemptSession.stored(
                            login.facts.sessionKey(), login.facts.began().orElseThrow()))
                    .ifPresent(request::exempt);
            entry = store.revoke(request.build(), now);
            happened = ++step;
        }

        private RevocationTarget target() {
            return switch (random.nextInt(4)) {
                case 0 -> RevocationTarget.client(oneOf(random, CLIENTS));
                case 1 -> RevocationTarget.realm(REALM);
                default -> RevocationTarget.subject(oneOf(random, SUBJECTS));
            };
        }

        private Optional<Login> liveSessionOf(RevocationTarget target, Instant now) {
            List<Login> live = logins.stream()
                    .filter(login -> login.isOver() && target.key().equals(login.facts.subjectKey()))
                    .filter(login -> store.isLive(login.facts, now))
                    .toList();
            return live.isEmpty() ? Optional.empty() : Optional.of(oneOf(random, live));
        }

        Optional<String> faultWith(Login login) {
            boolean isSpared = spared.filter(login::equals).isPresent();
            boolean covers = entry.covers(login.facts);
            if (isSpared && covers) {
                return Optional.of("the exempt session is caught");
            }
            boolean survives = !covers || store.isLive(login.facts, trueTime);
            if (!isSpared && isAimedAt(login) && began(login) < clockRead && survives) {
                return Optional.of("a login that began before " + entry.target().kind() + " was cut off survives it");
            }
            if (login.knowsSubject && began(login) > happened && covers) {
                return Optional.of(
                        "a login that began after " + entry.target().kind() + " was cut off is caught by it");
            }
            return Optional.empty();
        }

        /** Without a subject there is no read of the cut-offs: such a login begins with its clock. */
        private int began(Login login) {
            return login.knowsSubject ? login.cutOffsRead : login.clockRead;
        }

        private boolean isAimedAt(Login login) {
            return switch (entry.target().kind()) {
                case SUBJECT -> entry.target().key().equals(login.subject.key());
                case CLIENT -> entry.target().key().equals(login.client.key());
                default -> true;
            };
        }
    }
}
