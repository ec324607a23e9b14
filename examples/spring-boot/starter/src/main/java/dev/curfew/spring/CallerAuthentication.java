package dev.curfew.spring;

import dev.curfew.session.SubjectId;
import dev.curfew.token.Caller;
import java.util.Collection;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.GrantedAuthority;

/** A caller as Spring Security sees it: the principal is the {@link Caller}, the name is the subject's. */
final class CallerAuthentication extends AbstractAuthenticationToken {
    private static final long serialVersionUID = 1L;

    private final transient Caller caller;

    CallerAuthentication(Caller caller, Collection<? extends GrantedAuthority> authorities) {
        super(authorities);
        this.caller = caller;
        super.setAuthenticated(true);
    }

    @Override
    public Caller getPrincipal() {
        return caller;
    }

    /** Nothing: the credential itself stays where it was. */
    @Override
    public Object getCredentials() {
        return "";
    }

    /** The subject, or an empty text for a token without one. */
    @Override
    public String getName() {
        return caller.subject().map(SubjectId::value).orElse("");
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
