package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.refresh.RefreshBinding;
import dev.curfew.refresh.RefreshPolicy;
import dev.curfew.refresh.RefreshRequest;
import dev.curfew.refresh.RefreshResult;
import dev.curfew.refresh.RefreshResult.Conflict;
import dev.curfew.refresh.RefreshResult.Refreshed;
import dev.curfew.refresh.RetryRule;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.session.SubjectId;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random lives of refresh tokens, 4,000 for each rule: a client on a bad network, and a thief who has copied its token
 * once. RFT.
 */
class RefreshHistoriesTest {
    private static final int HISTORIES = 4_000;
    private static final int REFRESHES = 8;
    private static final double LOST_ANSWERS = 0.3;
    private static final Duration SIBLINGS = Duration.ofSeconds(10);
    private static final Duration ANY_HOLDER = Duration.ofSeconds(60);

    private final Random random = new Random(20_260_711);
    private int signedOut;
    private int undetected;
    private int names;

    /** When the thief refreshes. */
    enum Timetable {
        /** A second after the victim has, each time. */
        MIRRORED,
        /** At instants of its own. */
        OWN
    }

    private static TestHost host(RefreshPolicy policy) {
        return TestHost.start(
                builder -> builder.lifetimes(SessionLifetimes.aal1()).refreshTokens(policy));
    }

    private static final RefreshPolicy SAME_ATTEMPT = RefreshPolicy.withoutKey(RetryRule.strict());
    private static final RefreshPolicy SAME_ATTEMPT_OR_SIBLINGS =
            SAME_ATTEMPT.withKey(RetryRule.sameAttempt().orSiblings(SIBLINGS));
    private static final RefreshPolicy ONLY_SIBLINGS = RefreshPolicy.withoutKey(RetryRule.siblings(SIBLINGS));
    private static final RefreshPolicy OF_ANY_HOLDER = RefreshPolicy.withoutKey(RetryRule.anyHolder(ANY_HOLDER));

    /** Somebody who holds a token of a session. */
    private final class Holder {
        private final TestHost host;
        private final boolean sendsKeys;
        private String token;
        private boolean isOut;

        private Holder(TestHost host, boolean sendsKeys, String token) {
            this.host = host;
            this.sendsKeys = sendsKeys;
            this.token = token;
        }

        /** The same token in other hands. */
        private Holder copy() {
            return new Holder(host, sendsKeys, token);
        }

        /** Refreshes until an answer arrives, within the time for which a successor is kept. */
        private void refresh(double lostAnswers, Duration longestWait) {
            RefreshRequest request = RefreshRequest.of(TestHost.REALM, token);
            if (sendsKeys) {
                request = request.attempt("attempt-" + (1_000_000_000L + random.nextInt(Integer.MAX_VALUE)));
            }
            long left = longestWait.toMillis();
            while (!isOut) {
                RefreshResult result = host.service.credentials().refresh(request);
                boolean isLost = left > 1 && random.nextDouble() < lostAnswers;
                if (!isLost && result instanceof Refreshed refreshed) {
                    token = refreshed.refreshToken().reveal();
                    return;
                }
                if (!isLost && result instanceof Conflict) {
                    return;
                }
                if (!isLost || !(result instanceof Refreshed)) {
                    isOut = true;
                    return;
                }
                long wait = 1 + (long) (random.nextDouble() * left / 2);
                left -= wait;
                host.clock.advance(Duration.ofMillis(wait));
            }
        }
    }

    private Holder login(TestHost host, boolean sendsKeys) {
        SubjectId subject = new SubjectId(TestHost.REALM, "person-" + names++);
        LoginResult.LoggedIn login = (LoginResult.LoggedIn) host.service
                .beginLogin(subject)
                .withRefreshToken(RefreshBinding.none())
                .complete(DeviceInfo.unknown());
        return new Holder(host, sendsKeys, login.token().orElseThrow().reveal());
    }

    /** How many honest clients are signed out. */
    private int honest(TestHost host, boolean sendsKeys, Duration longestWait) {
        for (int i = 0; i < HISTORIES; i++) {
            Holder client = login(host, sendsKeys);
            for (int n = 0; n < REFRESHES && !client.isOut; n++) {
                host.clock.advance(Duration.ofMinutes(5 + random.nextInt(600)));
                // At least one answer is lost in each history.
                client.refresh(n == 0 ? 1 : LOST_ANSWERS, longestWait);
            }
            signedOut += client.isOut ? 1 : 0;
            host.events.clear();
        }
        return signedOut;
    }

    /** How many sessions live on with two holders. */
    private int stolen(TestHost host, boolean sendsKeys, Timetable timetable) {
        for (int i = 0; i < HISTORIES; i++) {
            Holder victim = login(host, sendsKeys);
            for (int n = random.nextInt(3); n > 0; n--) {
                host.clock.advance(Duration.ofMinutes(15));
                victim.refresh(0, Duration.ZERO);
            }
            Holder thief = victim.copy();
            for (int n = 0; n < REFRESHES; n++) {
                host.clock.advance(Duration.ofMinutes(15));
                boolean thiefIsFirst = timetable == Timetable.OWN && random.nextBoolean();
                (thiefIsFirst ? thief : victim).refresh(0, Duration.ZERO);
                host.clock.advance(
                        timetable == Timetable.MIRRORED
                                ? Duration.ofSeconds(1)
                                : Duration.ofSeconds(random.nextInt(600)));
                (thiefIsFirst ? victim : thief).refresh(0, Duration.ZERO);
            }
            undetected += victim.isOut && thief.isOut ? 0 : 1;
            host.events.clear();
        }
        return undetected;
    }

    @Test
    void same_attempt_signs_out_no_honest_client() {
        assertThat(honest(host(SAME_ATTEMPT), true, Duration.ofMinutes(59))).isZero();
    }

    @Test
    void same_attempt_with_siblings_signs_out_no_honest_client() {
        assertThat(honest(host(SAME_ATTEMPT_OR_SIBLINGS), true, Duration.ofMinutes(59)))
                .isZero();
    }

    @Test
    void any_holder_signs_out_no_honest_client_that_comes_back_in_time() {
        assertThat(honest(host(OF_ANY_HOLDER), false, ANY_HOLDER)).isZero();
    }

    @Test
    void strict_signs_out_every_client_whose_answer_was_lost() {
        assertThat(honest(host(SAME_ATTEMPT), false, Duration.ofMinutes(59))).isEqualTo(HISTORIES);
    }

    @ParameterizedTest
    @EnumSource
    void same_attempt_detects_every_thief(Timetable timetable) {
        assertThat(stolen(host(SAME_ATTEMPT), true, timetable)).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void same_attempt_with_siblings_detects_every_thief(Timetable timetable) {
        assertThat(stolen(host(SAME_ATTEMPT_OR_SIBLINGS), true, timetable)).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void siblings_detects_every_thief(Timetable timetable) {
        assertThat(stolen(host(ONLY_SIBLINGS), false, timetable)).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void strict_detects_every_thief(Timetable timetable) {
        assertThat(stolen(host(SAME_ATTEMPT), false, timetable)).isZero();
    }

    /** What the documentation warns of, so that nobody believes otherwise. */
    @Test
    void any_holder_lets_a_thief_ride_who_mirrors_the_victim() {
        assertThat(stolen(host(OF_ANY_HOLDER), false, Timetable.MIRRORED)).isEqualTo(HISTORIES);
    }
}
