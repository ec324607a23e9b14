package dev.curfew.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.RevocationCause;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.Session;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** By which status a caller whose session is over learns it: the table of {@code docs/http.md}. */
class RevokedCallerTest {
    private final Host host = Host.create();
    private final Session session = host.login(Host.ALICE);
    private final Session other = host.login(Host.ALICE);
    private final String token = host.token(session);
    private final String loose = host.sign(host.claims(Host.ALICE));

    @ParameterizedTest
    @EnumSource
    void what_is_asked_for_decides(Profile profile) {
        boolean isGuide = profile == Profile.GUIDE;
        SessionEndpoints endpoints = host.endpoints(profile);
        host.clock.advance(Duration.ofSeconds(1));
        host.service.revokeAllSessions(
                Host.ALICE, RevocationCause.byAdmin(RevocationReason.REVOKED_BY_ADMIN, "helpdesk"));

        assertThat(endpoints.listSessions(Host.get(token).build()).status()).isEqualTo(401);
        assertThat(endpoints
                        .listSessions(
                                Host.get(token).queryParameter("limit", "x").build())
                        .status())
                .as("a malformed query is seen before the store is asked")
                .isEqualTo(400);
        assertThat(endpoints.revokeOtherSessions(Host.delete(token).build()).status())
                .isEqualTo(401);
        assertThat(endpoints.revokeOtherSessions(Host.delete(loose).build()).status())
                .as("a token without a session: no store is asked")
                .isEqualTo(409);
        assertThat(revoke(endpoints, other.handle().value())).isEqualTo(401);
        assertThat(revoke(endpoints, UUID.randomUUID().toString()))
                .as("no id of ours: no store is asked")
                .isEqualTo(404);
        assertThat(revoke(endpoints, session.handle().value())).isEqualTo(isGuide ? 401 : 204);
        assertThat(endpoints.logout(Host.post(token).build()).status()).isEqualTo(isGuide ? 401 : 204);
        assertThat(endpoints.logout(Host.post(loose).build()).status()).isEqualTo(isGuide ? 401 : 204);
        assertThat(endpoints.authentication().authenticate(Host.get(token).build()))
                .isInstanceOf(AuthenticationResult.Refused.class);
    }

    private int revoke(SessionEndpoints endpoints, String id) {
        return endpoints.revokeSession(Host.delete(token).pathId(id).build()).status();
    }
}
