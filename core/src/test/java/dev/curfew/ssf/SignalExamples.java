package dev.curfew.ssf;

import dev.curfew.SessionService;
import dev.curfew.Upstream;
import dev.curfew.deliver.Deliveries;
import dev.curfew.deliver.OutgoingHttp;
import dev.curfew.session.Realm;
import dev.curfew.token.EventTokenPolicy;
import dev.curfew.token.EventTokenPolicy.Profile;
import dev.curfew.token.EventTokenVerifier;
import dev.curfew.token.TokenKeys;
import dev.curfew.token.TokenPolicy;
import java.net.URI;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What docs/standards.md shows of shared signals. */
final class SignalExamples {
    private static final Logger LOG = LoggerFactory.getLogger(SignalExamples.class);

    private SignalExamples() {}

    static SecurityEventReceiver signals(SessionService sessions, TokenPolicy accessTokens, TokenKeys keys) {
        Realm staff = Realm.of("staff");
        String issuer = "https://sso.example.com";
        EventTokenPolicy sets = EventTokenPolicy.of(Profile.SECURITY_EVENT, staff, issuer)
                .keys(keys)
                .audience("https://orders.example.com/ssf") // aud of the stream
                .build();
        Upstream transmitter =
                Upstream.of(staff, issuer).tokensCheckedHere(accessTokens).build();
        return SecurityEventReceiver.of(sessions, transmitter, EventTokenVerifier.of(sets))
                .streamId("f67e39a0a4d34d56b3aa1bc4cff0069f")
                .listener((set, why) ->
                        LOG.info("{} ends nothing here: {}", set.event().type(), why))
                .build();
    }

    static SecurityEventReceiver google(Deliveries deliveries, String clientId) {
        Realm google = Realm.of("google");
        String issuer = "https://accounts.google.com/"; // with the slash, as Google writes it here
        EventTokenPolicy sets = EventTokenPolicy.of(Profile.SECURITY_EVENT, google, issuer)
                .keys(TokenKeys.remote(URI.create("https://www.googleapis.com/oauth2/v3/certs")))
                .audience(clientId)
                .legacySubject()
                .build();
        Upstream transmitter = Upstream.of(google, issuer)
                .linksOnly()
                .subjectIssuer("https://accounts.google.com")
                .build();
        return SecurityEventReceiver.of(deliveries, transmitter, EventTokenVerifier.of(sets))
                .build();
    }

    static PushEndpoint push(SecurityEventReceiver receiver, String secret) {
        PushEndpoint push = PushEndpoint.of(receiver)
                .authorization("Bearer " + secret) // delivery.authorization_header of the stream, if it has one
                .build();
        return push;
    }

    static PollReceiver poll(SecurityEventReceiver receiver, Supplier<String> accessTokens) {
        OutgoingHttp http = OutgoingHttp.to(List.of("sso.example.com")).build();
        PollReceiver poll = PollReceiver.of(receiver, http, URI.create("https://sso.example.com/ssf/poll/orders"))
                .authorization(() -> "Bearer " + accessTokens.get())
                .build();
        poll.start();
        return poll;
    }
}
