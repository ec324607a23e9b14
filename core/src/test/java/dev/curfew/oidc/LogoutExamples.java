package dev.curfew.oidc;

import dev.curfew.LoginResult;
import dev.curfew.SessionService;
import dev.curfew.Upstream;
import dev.curfew.UpstreamLogin;
import dev.curfew.deliver.Deliveries;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Realm;
import dev.curfew.session.SubjectId;
import dev.curfew.token.EventTokenPolicy;
import dev.curfew.token.EventTokenPolicy.Profile;
import dev.curfew.token.EventTokenVerifier;
import dev.curfew.token.TokenKeys;
import dev.curfew.token.TokenPolicy;
import java.time.Instant;
import java.util.Optional;

/** What docs/standards.md shows of logouts. */
final class LogoutExamples {
    private LogoutExamples() {}

    static BackChannelLogoutEndpoint logouts(SessionService sessions, TokenPolicy accessTokens, TokenKeys keys) {
        Realm staff = Realm.of("staff");
        String issuer = "https://sso.example.com/realms/staff";
        EventTokenPolicy logoutTokens = EventTokenPolicy.of(Profile.LOGOUT, staff, issuer)
                .keys(keys)
                .audience("orders-web") // our client_id at the provider
                .build();
        Upstream provider =
                Upstream.of(staff, issuer).tokensCheckedHere(accessTokens).build();
        return BackChannelLogoutEndpoint.of(sessions, provider, EventTokenVerifier.of(logoutTokens))
                .build();
    }

    static Upstream sso() {
        return Upstream.of(Realm.of("sso"), "https://sso.example.com/realms/staff")
                .linksOnly()
                .build();
    }

    static LoginResult signIn(
            SessionService sessions, SubjectId subject, String sub, String sid, Instant authTime, Instant issuedAt) {
        UpstreamLogin login = new UpstreamLogin(sso(), sub, Optional.of(sid), Optional.of(authTime), issuedAt);
        return sessions.beginLogin(subject).upstream(login).complete(DeviceInfo.unknown());
    }

    static BackChannelLogoutEndpoint logoutsOfOurs(SessionService sessions, EventTokenVerifier logoutTokens) {
        Deliveries deliveries = Deliveries.of(sessions).build();
        deliveries.start(); // on each node; close() before sessions.close()
        return BackChannelLogoutEndpoint.of(deliveries, sso(), logoutTokens).build();
    }
}
