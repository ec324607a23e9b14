package dev.curfew;

import dev.curfew.crypto.SecretToken;
import dev.curfew.revocation.Revocation;
import dev.curfew.session.Session;
import dev.curfew.session.SessionHandle;
import java.util.List;
import java.util.Optional;

/** What became of a login whose credentials were right. Immutable. */
public sealed interface LoginResult {
    /**
     * The new session.
     *
     * @return the session, if there is one
     * @throws LoginRefusedException if there is none, with the advice what to do
     */
    Session orElseThrow();

    /**
     * The session began.
     *
     * @param session the new session; its handle is the {@code sid} of the tokens to issue
     * @param token the credential that the login asked for, to be sent to the client; nobody can show it again
     * @param ended the sessions that ended for it: the one that it replaces, and the oldest ones if the subject had as
     *     many as it may
     */
    record LoggedIn(Session session, Optional<SecretToken> token, List<SessionHandle> ended) implements LoginResult {
        /** Copies the list. */
        public LoggedIn {
            ended = List.copyOf(ended);
        }

        @Override
        public Session orElseThrow() {
            return session;
        }
    }

    /**
     * The subject's sessions were revoked after this login began, so that the credentials may be the old ones. Begin
     * again, then check the credentials again.
     *
     * @param by what overtook it
     */
    record Overtaken(Revocation by) implements LoginResult {
        @Override
        public Session orElseThrow() {
            throw new LoginRefusedException(
                    "login was overtaken by a revocation: call beginLogin(subject) again, then check the "
                            + "credentials again");
        }
    }

    /**
     * The subject has as many live sessions as it may.
     *
     * @param live how many there are
     */
    record LimitReached(int live) implements LoginResult {
        @Override
        public Session orElseThrow() {
            throw new LoginRefusedException("the subject has reached its session limit (" + live + " live sessions)");
        }
    }
}
