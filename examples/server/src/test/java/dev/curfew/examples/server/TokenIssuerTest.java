package dev.curfew.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.SignedJWT;
import dev.curfew.SessionService;
import dev.curfew.http.IssuedAccessToken;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Session;
import dev.curfew.session.SubjectId;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long an access token lives near the end of its session. */
class TokenIssuerTest {
    private final MovableClock clock = new MovableClock();
    private final TokenIssuer issuer = new TokenIssuer(new byte[32], clock);

    @ParameterizedTest
    @CsvSource({"3600000, 900", "900000, 900", "899999, 899", "1000, 1", "999, 1", "1, 1", "0, 1", "-1, 1", "-9000, 1"})
    void no_token_outlives_its_session_and_each_is_answered(long leftMillis, long expiresIn) throws ParseException {
        Instant notAfter = clock.instant().plusMillis(leftMillis);

        IssuedAccessToken issued = issuer.issue(session(), notAfter);

        assertThat(issued.expiresIn().toSeconds()).isEqualTo(expiresIn);
        assertThat(end(issued.text())).isBeforeOrEqualTo(notAfter);
    }

    @Test
    void a_login_has_the_whole_lifetime_before_it() throws ParseException {
        assertThat(Duration.between(clock.instant(), end(issuer.issue(session()))))
                .isEqualTo(TokenIssuer.LIFETIME);
    }

    private static Session session() {
        try (SessionService sessions = SessionService.builder()
                .store(InMemorySessionStore.create())
                .lifetimes(CurfewSetup.USUAL)
                .maxTokenLifetime(TokenIssuer.LIFETIME)
                .build()) {
            return sessions.beginLogin(new SubjectId(CurfewSetup.REALM, "alice"))
                    .complete(DeviceInfo.of("Firefox on Linux"))
                    .orElseThrow();
        }
    }

    private static Instant end(String token) throws ParseException {
        return SignedJWT.parse(token).getJWTClaimsSet().getExpirationTime().toInstant();
    }
}
