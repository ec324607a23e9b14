package dev.curfew.examples.orders;

import dev.curfew.SessionService;
import dev.curfew.Upstream;
import dev.curfew.UpstreamSignal;
import dev.curfew.http.EndpointRequest;
import dev.curfew.http.EndpointResponse;
import dev.curfew.http.UnreadableFormException;
import dev.curfew.session.CurfewException;
import dev.curfew.spring.EndpointHandler;
import dev.curfew.token.EventToken;
import dev.curfew.token.EventTokenVerifier;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Where the provider says that a login is over. */
@Configuration(proxyBeanMethods = false)
class BackChannel {
    @Bean("/backchannel-logout")
    EndpointHandler logouts(SessionService sessions, Upstream upstream, EventTokenVerifier verifier) {
        return EndpointHandler.of(request -> answer(request, sessions, upstream, verifier));
    }

    /** 200 only after all is recorded; the provider may send again what was answered 400. */
    private static EndpointResponse answer(
            EndpointRequest request, SessionService sessions, Upstream upstream, EventTokenVerifier verifier) {
        try {
            EventToken token =
                    verifier.verify(request.form().find("logout_token").orElse(""));
            UpstreamSignal.Builder ended =
                    UpstreamSignal.of(upstream, token.id()).endedAt(token.issuedAt());
            token.subject().ifPresent(ended::subject);
            token.sessionId().ifPresent(ended::session);
            sessions.upstreams().end(ended.build());
            return EndpointResponse.of(200, List.of(), new byte[0]);
        } catch (UnreadableFormException | CurfewException e) {
            return EndpointResponse.of(400, List.of(), new byte[0]);
        }
    }
}
