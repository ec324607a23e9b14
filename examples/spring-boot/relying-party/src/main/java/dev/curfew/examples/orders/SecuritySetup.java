package dev.curfew.examples.orders;

import static org.springframework.security.config.Customizer.withDefaults;

import dev.curfew.SessionServiceBuilder;
import dev.curfew.spring.CurfewCustomizer;
import dev.curfew.spring.CurfewSecurity;
import jakarta.servlet.DispatcherType;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.web.DefaultOAuth2AuthorizationRequestResolver;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizationRequestCustomizers;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizationRequestRedirectFilter;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizationRequestResolver;
import org.springframework.security.web.SecurityFilterChain;

/** Who may do what: Spring Security asks the provider who somebody is, and from then on Curfew says who calls. */
@Configuration(proxyBeanMethods = false)
class SecuritySetup {
    @Bean
    SecurityFilterChain chain(
            HttpSecurity http, OAuth2AuthorizationRequestResolver resolver, LoginCookie logins, SignIn signIn)
            throws Exception {
        return http.with(CurfewSecurity.curfew(), withDefaults())
                .authorizeHttpRequests(requests -> requests.dispatcherTypeMatchers(DispatcherType.ERROR)
                        .permitAll()
                        .requestMatchers("/", "/backchannel-logout")
                        .permitAll()
                        .anyRequest()
                        .authenticated())
                .oauth2Login(login -> login.authorizationEndpoint(endpoint ->
                                endpoint.authorizationRequestResolver(resolver).authorizationRequestRepository(logins))
                        .authorizedClientRepository(new NoTokens())
                        .successHandler(signIn)
                        .failureHandler(signIn))
                .build();
    }

    /** With PKCE; and somebody whose login was overtaken proves anew who they are. */
    @Bean
    OAuth2AuthorizationRequestResolver resolver(ClientRegistrationRepository registrations) {
        DefaultOAuth2AuthorizationRequestResolver resolver = new DefaultOAuth2AuthorizationRequestResolver(
                registrations, OAuth2AuthorizationRequestRedirectFilter.DEFAULT_AUTHORIZATION_REQUEST_BASE_URI);
        resolver.setAuthorizationRequestCustomizer(OAuth2AuthorizationRequestCustomizers.withPkce());
        return new AgainResolver(resolver);
    }

    @Bean
    CurfewCustomizer<SessionServiceBuilder> logins(@Value("${orders.login-key}") String key) {
        return sessions -> sessions.loginSealingKey(LoginCookie.decode(key));
    }
}
