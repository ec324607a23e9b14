package dev.curfew.examples.orders;

import dev.curfew.Upstream;
import dev.curfew.deliver.Deliveries;
import dev.curfew.oidc.BackChannelLogoutEndpoint;
import dev.curfew.session.Realm;
import dev.curfew.spring.EndpointHandler;
import dev.curfew.token.EventTokenPolicy;
import dev.curfew.token.EventTokenPolicy.Profile;
import dev.curfew.token.EventTokenVerifier;
import dev.curfew.token.TokenKeys;
import java.net.URI;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;

/** The provider as Curfew sees it: what Spring Security knows of it is all that is needed. */
@Configuration(proxyBeanMethods = false)
class ProviderSetup {
    /** A realm of its own, in which no session of ours is. */
    private static final Realm SSO = Realm.of("sso");

    @Bean
    ClientRegistration provider(ClientRegistrationRepository registrations) {
        return registrations.findByRegistrationId("sso");
    }

    /** Its tokens are not checked here: it proves who somebody is, and the session is ours. */
    @Bean
    Upstream upstream(ClientRegistration provider) {
        return Upstream.of(SSO, provider.getProviderDetails().getIssuerUri())
                .linksOnly()
                .build();
    }

    /** Where the provider says that a login is over. The deliveries are the starter's: one node of all works there. */
    @Bean
    BackChannelLogoutEndpoint logouts(Deliveries deliveries, Upstream upstream, ClientRegistration provider) {
        EventTokenPolicy logoutTokens = EventTokenPolicy.of(Profile.LOGOUT, upstream.realm(), upstream.issuer())
                .keys(TokenKeys.remote(URI.create(provider.getProviderDetails().getJwkSetUri())))
                .audience(provider.getClientId())
                .build();
        return BackChannelLogoutEndpoint.of(deliveries, upstream, EventTokenVerifier.of(logoutTokens))
                .build();
    }

    /** The name is the path. */
    @Bean("/backchannel-logout")
    EndpointHandler logoutHandler(BackChannelLogoutEndpoint logouts) {
        return EndpointHandler.of(logouts::answer);
    }
}
