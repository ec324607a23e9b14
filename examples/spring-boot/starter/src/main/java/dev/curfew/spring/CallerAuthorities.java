package dev.curfew.spring;

import dev.curfew.token.Caller;
import java.util.Collection;
import org.springframework.security.core.GrantedAuthority;

/**
 * Says what a caller may do, in Spring Security's words; a bean for a host with roles of its own. By default each scope
 * of an access token ({@code scope} or {@code scp}) is an authority {@code SCOPE_…}. Implementations are thread-safe.
 */
@FunctionalInterface
public interface CallerAuthorities {
    /**
     * Asked once for each request.
     *
     * @param caller authentic, within its times, and not revoked
     * @return what it may do
     */
    Collection<? extends GrantedAuthority> of(Caller caller);
}
