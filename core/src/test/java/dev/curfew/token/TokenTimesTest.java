package dev.curfew.token;

import static dev.curfew.token.TestIssuer.NOW;
import static dev.curfew.token.TokenAssertions.isRefused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.jose.NumericDate;
import dev.curfew.session.Seeds;
import dev.curfew.token.InvalidTokenException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TOK-14 to TOK-20, REV-06, REV-07. */
class TokenTimesTest {
    private static final long SKEW = 10;

    private final SettableClock clock = new SettableClock(NOW);
    private final TokenVerifier verifier =
            TokenVerifier.builder(TestIssuer.policy().build()).clock(clock).build();

    @Test
    void a_token_is_usable_until_just_before_exp_and_skew() {
        String token = TestIssuer.token();
        Instant exp = verifier.verify(token).expiresAt();

        for (long offset : new long[] {-1, 0, SKEW - 1}) {
            clock.set(exp.plusSeconds(offset));
            assertThat(verifier.verify(token).expiresAt()).isEqualTo(exp);
            assertThat(verifier.verifyForLogout(token)).isInstanceOf(VerifiedToken.class);
        }
        clock.set(exp.plusSeconds(SKEW).minusNanos(1));
        assertThat(verifier.verify(token)).isNotNull();
        clock.set(exp.plusSeconds(SKEW));
        isRefused(() -> verifier.verify(token), Reason.EXPIRED);
        assertThat(verifier.verifyForLogout(token)).isInstanceOf(ExpiredToken.class);
    }

    @Test
    void a_revocation_is_remembered_exactly_as_long_as_the_token_is_usable() {
        String token = TestIssuer.token();
        Instant forgetAfter = verifier.verify(token).forgetAfter();

        clock.set(forgetAfter.minusMillis(1));
        assertThat(verifier.verify(token)).isNotNull();
        clock.set(forgetAfter);
        isRefused(() -> verifier.verify(token), Reason.EXPIRED);
    }

    @Test
    void forget_after_is_rounded_up_to_the_millisecond() {
        TokenVerifier fine = TestIssuer.verifier(TestIssuer.policy().skew(Duration.ofNanos(1)));

        VerifiedToken token = fine.verify(TestIssuer.token());

        assertThat(token.forgetAfter()).isEqualTo(token.expiresAt().plusMillis(1));
    }

    @Test
    void a_token_is_not_usable_before_nbf_less_skew() {
        String atLimit = TestIssuer.token(TestIssuer.claimsWith("nbf", NOW.getEpochSecond() + SKEW));
        String beyond = TestIssuer.token(TestIssuer.claimsWith("nbf", NOW.getEpochSecond() + SKEW + 1));

        assertThat(verifier.verify(atLimit)).isNotNull();
        isRefused(verifier, beyond, Reason.NOT_YET_VALID);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nbf", "exp", "iat", "auth_time"})
    void an_instant_out_of_range_or_of_another_type_is_refused(String claim) {
        String good = TestIssuer.json(TestIssuer.claimsWithout(claim));
        for (String value : new String[] {
            "9223372036854775807", "1e18", "1e300", "-9223372036854775808", "-1", "253402300800",
                    "99999999999999999999",
            "\"1772366400\"", "true", "null", "[1772366400]", "{}", "\"\"", "-0.5"
        }) {
            String payload = good.substring(0, good.length() - 1) + ",\"" + claim + "\":" + value + "}";
            isRefused(verifier, TestIssuer.tokenWithPayload(payload), Reason.TIMES);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"exp", "iat"})
    void a_token_without_its_instants_is_refused(String claim) {
        Map<String, Object> claims = TestIssuer.claimsWithout(claim);
        isRefused(verifier, TestIssuer.token(claims), Reason.TIMES);
        isRefused(
                TestIssuer.verifier(TestIssuer.policy().acceptPlainJwt()),
                TestIssuer.token("RS256", "JWT", claims),
                Reason.TIMES);
    }

    @Test
    void fractions_are_floored() {
        long now = NOW.getEpochSecond();
        Map<String, Object> claims = TestIssuer.claimsWithout("auth_time");
        claims.put("iat", now - 60 + 0.9);
        claims.put("exp", now + 60.9);
        TokenVerifier issuedAt = TestIssuer.verifier(TestIssuer.policy().beganAt(BeganAt.ISSUED_AT));

        VerifiedToken token = issuedAt.verify(TestIssuer.token(claims));

        assertThat(token.expiresAt()).isEqualTo(NOW.plusSeconds(60));
        assertThat(token.facts().began()).contains(NOW.minusSeconds(60 + SKEW));
    }

    @Test
    void a_token_of_the_future_is_refused() {
        long now = NOW.getEpochSecond();
        assertThat(verifier.verify(TestIssuer.token(TestIssuer.claimsWith("iat", now + SKEW))))
                .isNotNull();
        isRefused(verifier, TestIssuer.token(TestIssuer.claimsWith("iat", now + SKEW + 1)), Reason.TIMES);
        assertThat(verifier.verify(TestIssuer.token(TestIssuer.claimsWith("auth_time", now + SKEW))))
                .isNotNull();
        isRefused(verifier, TestIssuer.token(TestIssuer.claimsWith("auth_time", now + SKEW + 1)), Reason.TIMES);
    }

    @Test
    void a_token_that_lives_too_long_is_refused_even_for_logout() {
        long longest = TestIssuer.LIFETIME.toSeconds() + SKEW;
        long issued = NOW.getEpochSecond();
        Map<String, Object> claims = TestIssuer.claimsWith("iat", issued);
        claims.put("exp", issued + longest);
        assertThat(verifier.verify(TestIssuer.token(claims))).isNotNull();

        claims.put("exp", issued + longest + 1);
        isRefused(verifier, TestIssuer.token(claims), Reason.TIMES);
        clock.set(NOW.plus(Duration.ofDays(1)));
        isRefused(verifier, TestIssuer.token(claims), Reason.TIMES);
    }

    @Test
    void an_end_too_far_from_now_is_refused_although_the_token_itself_is_short_lived() {
        long now = NOW.getEpochSecond();
        Map<String, Object> claims = TestIssuer.claimsWith("iat", now + SKEW);
        claims.put("exp", now + TestIssuer.LIFETIME.toSeconds() + SKEW + 1);

        isRefused(verifier, TestIssuer.token(claims), Reason.TIMES);
    }

    @Test
    void an_end_before_the_beginning_is_refused() {
        isRefused(verifier, TestIssuer.token(TestIssuer.claimsWith("exp", NOW.getEpochSecond() - 61)), Reason.TIMES);
    }

    @Test
    void a_token_older_than_any_may_become_is_expired_even_when_it_says_otherwise() {
        long longest = TestIssuer.LIFETIME.toSeconds() + SKEW;
        Map<String, Object> claims = TestIssuer.claimsWith("iat", NOW.getEpochSecond());
        claims.put("exp", NOW.getEpochSecond() + longest);
        String token = TestIssuer.token(claims);

        clock.set(NOW.plusSeconds(longest));
        assertThat(verifier.verify(token)).isNotNull();
        clock.set(NOW.plusSeconds(longest).plusNanos(1));
        isRefused(() -> verifier.verify(token), Reason.EXPIRED);
        assertThat(verifier.verifyForLogout(token)).isInstanceOf(ExpiredToken.class);
    }

    @Test
    void an_expired_token_may_be_of_any_age_and_still_tells_its_session() {
        String token = TestIssuer.token();
        clock.set(NOW.plus(Duration.ofDays(3000)));

        AuthenticToken expired = verifier.verifyForLogout(token);

        assertThat(expired).isInstanceOf(ExpiredToken.class);
        assertThat(expired.session().orElseThrow().handle().value()).isEqualTo("idp-session-1");
        assertThat(expired.subject().orElseThrow().value()).isEqualTo("alice");
        assertThat(expired.client()).isPresent();
        assertThat(expired.realm()).isEqualTo(TestIssuer.REALM);
        assertThat(expired.forgetAfter()).isEqualTo(expired.expiresAt().plusSeconds(SKEW));
    }

    @Test
    void the_clock_is_read_once_for_each_call() {
        verifier.verify(TestIssuer.token());
        verifier.verifyForLogout(TestIssuer.token());
        verifier.alreadyVerified(TestIssuer.token(), "key");

        assertThat(clock.readings()).isEqualTo(3);
    }

    @Test
    @SuppressWarnings("JavaUtilDate") // it comes from others
    void instants_of_other_libraries_are_read_too() {
        assertThat(NumericDate.read(NOW.plusNanos(5))).contains(NOW);
        assertThat(NumericDate.read(Date.from(NOW.plusMillis(5)))).contains(NOW);
        assertThat(NumericDate.read(1)).contains(Instant.ofEpochSecond(1));
        assertThat(NumericDate.read(new Date(-1))).isEmpty();
        assertThat(NumericDate.read(Double.NaN)).isEmpty();
        assertThat(NumericDate.read(Instant.MAX)).isEmpty();
    }

    /** The instants that are kept with a token say what its claims and the policy say, to the nanosecond. */
    @Test
    void a_token_is_usable_from_and_until_the_instants_that_its_claims_and_the_policy_make() {
        Seeds.forAll(2_000, 10_000, random -> {
            Duration skew = Duration.ofSeconds(random.nextInt(20));
            Duration longest = Duration.ofSeconds(1 + random.nextInt(40)).plus(skew);
            TokenPolicy policy = TestIssuer.policy()
                    .skew(skew)
                    .maxTokenLifetime(longest.minus(skew))
                    .build();
            TokenTimes times = new TokenTimes(at(random), at(random), maybe(random), maybe(random));
            Instant from = times.usableFrom(policy);
            Instant until = times.usableUntil(policy);
            long worth = 0;
            for (int second = -70; second <= 70; second++) {
                for (int nano = -1; nano <= 1; nano++) {
                    Instant now = NOW.plusSeconds(second).plusNanos(nano);
                    boolean isEarly = isAfter(times.notBefore(), now.plus(skew))
                            || times.issuedAt().isAfter(now.plus(skew))
                            || isAfter(times.authenticatedAt(), now.plus(skew))
                            || times.expiresAt().isAfter(now.plus(longest));
                    boolean isLate = !now.isBefore(times.expiresAt().plus(skew))
                            || now.isAfter(times.issuedAt().plus(longest));
                    assertThat(now.isBefore(from)).as("%s at %s", times, now).isEqualTo(isEarly);
                    assertThat(!now.isBefore(until)).as("%s at %s", times, now).isEqualTo(isLate);
                    worth += !isEarly && !isLate ? 1 : 0;
                }
            }
            return worth;
        });
    }

    private static Instant at(Random random) {
        return NOW.plusSeconds(random.nextInt(50) - 25);
    }

    private static Instant maybe(Random random) {
        return random.nextBoolean() ? at(random) : null;
    }

    private static boolean isAfter(Instant claim, Instant latest) {
        return claim != null && claim.isAfter(latest);
    }
}
