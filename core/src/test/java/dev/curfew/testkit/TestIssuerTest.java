package dev.curfew.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.http.EndpointResponse;
import dev.curfew.refresh.RefreshBinding;
import dev.curfew.refresh.RefreshPolicy;
import dev.curfew.refresh.RetryRule;
import dev.curfew.session.Session;
import dev.curfew.token.InvalidTokenException;
import java.time.Duration;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The issuer for tests of hosts issues good tokens, and wrong ones that are refused for what they are. */
@Timeout(60)
class TestIssuerTest {
    private final TestCurfew curfew = TestCurfew.start();
    private final TestSession alice = curfew.login("alice");

    @AfterEach
    void close() {
        curfew.close();
    }

    @Test
    void a_good_token_is_accepted() {
        assertThat(alice.caller().subject()).contains(curfew.subject("alice"));
        assertThat(alice.caller().session()).contains(alice.session().ref());
    }

    @Test
    void no_two_tokens_are_the_same() {
        assertThat(alice.token()).isNotEqualTo(alice.token());
    }

    static Stream<Named<BiFunction<TestIssuer, Session, String>>> wrongTokens() {
        return Stream.of(
                Named.of("expired", TestIssuer::expired),
                Named.of("not yet valid", TestIssuer::notYetValid),
                Named.of("forged", TestIssuer::forged),
                Named.of("unsigned", TestIssuer::unsigned),
                Named.of("of another audience", TestIssuer::ofAnotherAudience),
                Named.of("of another issuer", TestIssuer::ofAnotherIssuer),
                Named.of("without sid", TestIssuer::withoutSid),
                Named.of("plain JWT", TestIssuer::plainJwt),
                Named.of("ID token", TestIssuer::idToken));
    }

    @ParameterizedTest
    @MethodSource("wrongTokens")
    void a_wrong_token_is_refused(BiFunction<TestIssuer, Session, String> kind) {
        assertThatExceptionOfType(InvalidTokenException.class)
                .isThrownBy(() -> curfew.verifier().verify(alice.token(kind)));
        assertThat(curfew.callAs(alice.token(kind)).get("/api/auth/sessions").status())
                .isIn(401, 403);
    }

    @ParameterizedTest
    @MethodSource("wrongTokens")
    void only_an_expired_token_logs_out(BiFunction<TestIssuer, Session, String> kind) {
        EndpointResponse answer = curfew.callAs(alice.token(kind)).post("/api/v1/auth/logout");

        boolean isExpired = answer.status() == 403;
        assertThat(answer.status()).isIn(401, 403);
        assertThat(alice.isLive()).isNotEqualTo(isExpired);
        assertThat(isExpired).isEqualTo(curfew.events().all().size() > 1);
    }

    @Test
    void the_reasons_differ() {
        assertThat(wrongTokens().map(Named::getPayload).map(this::refusalOf).distinct())
                .hasSizeGreaterThanOrEqualTo(6);
    }

    private InvalidTokenException.Reason refusalOf(BiFunction<TestIssuer, Session, String> kind) {
        try {
            curfew.verifier().verify(alice.token(kind));
            throw new AssertionError("accepted");
        } catch (InvalidTokenException e) {
            return e.reason();
        }
    }

    @Test
    void it_issues_the_access_tokens_of_refreshes() {
        RetryRule siblings = RetryRule.siblings(Duration.ofSeconds(10));
        TestCurfewBuilder builder = TestCurfew.builder()
                .service(service ->
                        service.refreshTokens(RefreshPolicy.withoutKey(siblings).withKey(siblings)));
        TestIssuer[] issuer = new TestIssuer[1];
        builder.endpoints(endpoints ->
                endpoints.refresh((session, scopes, key, end) -> issuer[0].issue(session, scopes, key, end)));
        try (TestCurfew refreshing = builder.start()) {
            issuer[0] = refreshing.issuer();
            TestSession bob = refreshing.login("bob", attempt -> attempt.withRefreshToken(RefreshBinding.none()));

            EndpointResponse answer = refreshing
                    .anonymous()
                    .post("/api/v1/auth/refresh", "{\"refreshToken\":\"" + bob.credential() + "\"}");

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.bodyText()).contains("accessToken");
        }
    }
}
