package dev.curfew.examples.provider;

import dev.curfew.session.SessionHandle;
import dev.curfew.session.SubjectId;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows which relying parties take part in a sign-on, and tells them when it is over (Back-Channel Logout 1.0).
 * Thread-safe.
 *
 * <p>What it lacks, and a real provider needs: it tries once, so that a relying party that is down for a moment is not
 * told; a provider that dies behind the logout tells nobody; who takes part is forgotten with this process; and only a
 * logout is told, no end by an administrator and none by time. All of that needs a queue that outlives the process.
 */
final class BackChannel {
    private static final Logger LOG = LoggerFactory.getLogger(BackChannel.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(PATIENCE)
            // Whom a relying party sends us to is nobody that we have registered.
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private final ConcurrentHashMap<SessionHandle, Set<RelyingParty>> participants = new ConcurrentHashMap<>();
    private final Tokens tokens;

    BackChannel(Tokens tokens) {
        this.tokens = tokens;
    }

    /** To be called before it is asked whether the sign-on is still good: so no party is let in unseen by a logout. */
    void join(SessionHandle session, RelyingParty party) {
        participants
                .computeIfAbsent(session, none -> ConcurrentHashMap.newKeySet())
                .add(party);
    }

    /** To be called when the end is recorded. Waits for all answers, a few seconds at most. */
    void tell(SubjectId subject, SessionHandle session) {
        Set<RelyingParty> told =
                Optional.ofNullable(participants.remove(session)).orElse(Set.of());
        List<CompletableFuture<Void>> sent = told.stream()
                .filter(party -> party.logout().isPresent())
                .map(party -> send(party, tokens.logoutToken(party.id(), subject, session)))
                .toList();
        sent.forEach(CompletableFuture::join);
    }

    /** Nobody is told whose answer does not come: the person has signed out here all the same. */
    private CompletableFuture<Void> send(RelyingParty party, String logoutToken) {
        URI to = party.logout().orElseThrow();
        HttpRequest request = HttpRequest.newBuilder(to)
                .timeout(PATIENCE)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("logout_token=" + logoutToken))
                .build();
        return http.sendAsync(request, BodyHandlers.discarding()).handle((answer, failure) -> {
            if (failure != null) {
                LOG.warn("{} was not told of a logout: {}", party.id(), failure.getMessage());
            } else if (answer.statusCode() != 200 && answer.statusCode() != 204) {
                LOG.warn("{} has answered a logout token with {}", party.id(), answer.statusCode());
            } else {
                LOG.info("{} was told of a logout", party.id());
            }
            return null;
        });
    }
}
