package dev.curfew.spring;

import dev.curfew.token.Caller;
import dev.curfew.token.VerifiedToken;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;

/** Each scope of an access token is an authority; a session token has none. Immutable. */
final class ScopeAuthorities implements CallerAuthorities {
    @Override
    public Collection<GrantedAuthority> of(Caller caller) {
        return caller instanceof VerifiedToken token
                ? Stream.of("scope", "scp")
                        .flatMap(claim -> scopes(token.claims().get(claim)))
                        .distinct()
                        .<GrantedAuthority>map(scope -> new SimpleGrantedAuthority("SCOPE_" + scope))
                        .toList()
                : List.of();
    }

    private static Stream<String> scopes(@Nullable Object claim) {
        if (claim instanceof String text) {
            return Stream.of(text.split(" ")).filter(scope -> !scope.isEmpty());
        }
        return claim instanceof List<?> list
                ? list.stream().filter(String.class::isInstance).map(String.class::cast)
                : Stream.empty();
    }
}
