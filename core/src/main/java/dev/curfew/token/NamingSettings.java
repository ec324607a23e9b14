package dev.curfew.token;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a host said about how tokens name things, until it is a {@link NamingRule}. Confined to one thread. */
final class NamingSettings {
    @Nullable
    SessionIds sessionIds;

    @Nullable
    ClaimNames sessions;

    ClaimNames subjects = new ClaimNames(List.of("sub"));
    ClaimNames clients = new ClaimNames(List.of("client_id", "azp"));
    ClaimNames tokenIds = new ClaimNames(List.of("jti"));
    boolean sessionMayMiss;
    boolean subjectMayMiss;
    Naming clientNaming = Naming.ALWAYS;

    NamingRule build(String issuer) {
        SessionIds whose = sessionIds;
        if (whose == null) {
            throw TokenPolicyBuilder.missing(
                    issuer,
                    "sessionIds(SessionIds): OURS if tokens carry session.handle().value() in sid, FOREIGN if the"
                            + " issuer has session ids of its own, or NONE");
        }
        if (whose == SessionIds.NONE && (sessions != null || sessionMayMiss)) {
            throw new IllegalStateException(
                    "sessionIds(NONE) contradicts sessionIdClaims(...) and allowMissingSessionId()");
        }
        ClaimNames sessionClaims = sessions == null ? new ClaimNames(List.of("sid")) : sessions;
        Naming sessionNaming = whose == SessionIds.NONE ? Naming.NEVER : alwaysUnless(sessionMayMiss);
        return new NamingRule(
                whose,
                new NamingRule.Part(sessionClaims, sessionNaming),
                new NamingRule.Part(subjects, alwaysUnless(subjectMayMiss)),
                new NamingRule.Part(clients, clientNaming),
                tokenIds);
    }

    private static Naming alwaysUnless(boolean mayMiss) {
        return mayMiss ? Naming.SOMETIMES : Naming.ALWAYS;
    }
}
