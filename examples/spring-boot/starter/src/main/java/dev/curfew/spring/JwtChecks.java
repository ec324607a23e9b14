package dev.curfew.spring;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidatorResult;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.JwtTypeValidator;
import org.springframework.security.oauth2.jwt.JwtValidators;

/**
 * What Spring's own decoder would check of a token, beside Curfew's verifier: that it comes with the certificate to
 * which it is bound, and what the host's beans demand.
 */
final class JwtChecks {
    private static final String PREFIX = "spring.security.oauth2.resourceserver.jwt.";

    /** What Spring's decoder reads there; what remains is for the converter of authorities, which goes on. */
    private static final List<String> OF_SPRINGS_DECODER =
            List.of("issuer-uri", "jwk-set-uri", "jws-algorithms", "public-key-location", "audiences");

    /** The verifier has judged by its own tolerance, which is at most this. */
    private static final Duration LONGEST_SKEW = Duration.ofMinutes(5);

    /** Spring's filter demands the proof of the one, its validator the certificate of the other. */
    private static final Set<String> CHECKED_BY_SPRING = Set.of("jkt", "x5t#S256");

    private JwtChecks() {}

    static OAuth2TokenValidator<Jwt> of(Stream<OAuth2TokenValidator<Jwt>> hosts, ObjectProvider<Clock> clock) {
        JwtTypeValidator types = new JwtTypeValidator("at+jwt", "application/at+jwt", "JWT");
        types.setAllowEmpty(true);
        JwtTimestampValidator times = new JwtTimestampValidator(LONGEST_SKEW);
        clock.ifUnique(times::setClock);
        List<OAuth2TokenValidator<Jwt>> all = new ArrayList<>(List.of(types, times, JwtChecks::confirmation));
        hosts.forEach(all::add);
        return JwtValidators.createDefaultWithValidators(all);
    }

    /** A binding that nobody checks would make a stolen token good. */
    private static OAuth2TokenValidatorResult confirmation(Jwt jwt) {
        Object bound = jwt.getClaims().get("cnf");
        boolean isChecked =
                bound == null || bound instanceof Map<?, ?> kinds && CHECKED_BY_SPRING.containsAll(kinds.keySet());
        return isChecked
                ? OAuth2TokenValidatorResult.success()
                : OAuth2TokenValidatorResult.failure(new OAuth2Error(
                        OAuth2ErrorCodes.INVALID_TOKEN, "the token is bound to a key that cannot be checked", null));
    }

    /** What a host believes to be checked must not be left out in silence. */
    static void refuseSettingsOfSpring(Environment environment) {
        Binder binder = Binder.get(environment);
        for (String name : OF_SPRINGS_DECODER) {
            String property = PREFIX + name;
            List<String> found =
                    binder.bind(property, Bindable.listOf(String.class)).orElse(List.of());
            if (!found.isEmpty()) {
                throw new CurfewStartException(
                        property + " is set beside curfew.issuer, and Curfew's JwtDecoder does not read it.",
                        "Remove it and set curfew.issuer, curfew.jwks-uri and curfew.audience, or define a bean"
                                + " JwtDecoder of your own, which then has to ask whether a token is revoked.",
                        null);
            }
        }
    }
}
