package dev.curfew.status;

import dev.curfew.ServiceBasis;
import dev.curfew.SessionService;
import dev.curfew.endpoint.EndpointAnswers;
import dev.curfew.endpoint.EndpointFailures;
import dev.curfew.endpoint.RefusedRequestException;
import dev.curfew.http.EndpointRequest;
import dev.curfew.http.EndpointResponse;
import dev.curfew.http.HeaderField;
import dev.curfew.meter.Meter;
import dev.curfew.replica.RevocationReplica;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.CurfewException;
import dev.curfew.session.LookupKey;
import dev.curfew.store.SharedRecords;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.token.SigningKey;
import dev.curfew.work.BoundedMap;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Publishes the statuses of our tokens in signed lists, for whoever verifies them without asking us (Token Status
 * List).
 * Thread-safe; on any number of nodes, which share lists and places.
 *
 * <p>The status of a token is the rule's verdict on its facts: revoking writes nothing more, and cut-offs of subjects,
 * clients, realms and keys count as well. Places are never given twice, and their indices are drawn at random, so that
 * nobody can tell which tokens were issued one after the other.
 *
 * <p><b>How old.</b> A list holds what was revoked until the replica's {@code maxStaleness} and a second before it was
 * asked for, also of tokens that were issued until five seconds before. A verifier that holds it for its {@code ttl}
 * learns of a revocation at most that much later; behind caches of HTTP at most twice the {@code ttl}. While this node
 * cannot say of each token whether it is revoked, the last list is answered until its {@code exp}, and then 503: so no
 * verifier believes anything older than {@link Builder#validFor}. On one node an index that was invalid stays so; where
 * one node has published what another one learns within its staleness, a verifier that asks again before the
 * {@code ttl} may meet the earlier list.
 *
 * <p><b>What is not in it.</b> That time has ended a session: give tokens an {@code exp} that is no later.
 */
public final class StatusListIssuer {
    /** How many this node holds in memory, by use. */
    private static final int MOST_LISTS = 64;

    private static final HeaderField TYPE = new HeaderField("Content-Type", "application/statuslist+jwt");
    private static final HeaderField ANYBODY = new HeaderField("Access-Control-Allow-Origin", "*");

    private final ListSigner signer;
    private final ListRecords records;
    private final RevocationReplica replica;
    private final Duration longest;
    private final Clock clock;
    private final Supplier<Reading> clocks;
    private final ListWriter writer;
    private final KnownLists lists;
    /** Guarded by itself. */
    private final Map<LookupKey, ListPublisher> publishers = BoundedMap.byUse(MOST_LISTS);

    private final EndpointFailures failures = new EndpointFailures(StatusListIssuer.class);
    private final ListCounts counts = new ListCounts();

    private StatusListIssuer(Builder builder, SharedRecords shared, RevocationReplica replica) {
        this.signer = new ListSigner(builder.issuer, builder.key, builder.base, builder.ttl, builder.validFor);
        this.records = new ListRecords(shared, builder.base);
        this.replica = replica;
        ServiceBasis basis = builder.service.basis();
        this.longest = basis.tokenLifetime();
        this.clock = basis.clock();
        Clock wall = basis.clock();
        LongSupplier ticker = basis.ticker();
        this.clocks = () -> new Reading(ticker.getAsLong(), wall.instant());
        this.lists = new KnownLists(records, clocks);
        this.writer = new ListWriter(
                records, longest, clocks, () -> replica.clockTrouble().isEmpty(), lists::outdate);
    }

    /**
     * Starts an issuer of lists.
     *
     * @param service whose revocations count; with a replica, on a store with {@link SharedRecords}
     * @param issuer the {@code iss} of the lists, as of the tokens
     * @param key that signs the lists; publish it as those of tokens ({@link SigningKey#jwkSet})
     * @param base where the lists are: {@code https} with a path, to which the name of each list is added. It names the
     *     lists in the store: the same on all nodes, and another one is another issuer with lists of its own
     * @return a builder
     * @throws IllegalArgumentException if the address is another one
     */
    public static Builder of(SessionService service, String issuer, SigningKey key, URI base) {
        return new Builder(service, issuer, key, base);
    }

    /**
     * Gives a token its place, before it is signed. One round trip, and two to four more now and then (once in 32 and
     * in 256 tokens of a node); those that come at once share one.
     *
     * @param facts of the token, as its verifiers derive them: its realm, its {@code jti}, session, subject and client,
     *     and when it is issued. By what is missing it cannot be revoked
     * @param expiresAt its {@code exp}
     * @return the value of its claim {@code status}
     * @throws IllegalArgumentException if the token is over, or is good for longer than revocations are remembered
     * @throws StoreUnavailableException if it is not known to have a place: do not issue it
     * @throws dev.curfew.store.StoreFullException if there are 512 lists, none of which is over
     */
    public StatusReference allocate(TokenFacts facts, Instant expiresAt) {
        Objects.requireNonNull(facts, "facts");
        Instant now = clock.instant();
        if (!expiresAt.isAfter(now)) {
            throw new IllegalArgumentException("expiresAt must be after now: a token that is over needs no status");
        }
        if (expiresAt.isAfter(now.plus(longest))) {
            throw new IllegalArgumentException("expiresAt is " + Duration.between(now, expiresAt) + " away, but the"
                    + " service remembers revocations only for tokens of " + longest
                    + ": build it with tokenPolicies(...) or maxTokenLifetime(...) of these tokens");
        }
        try {
            ListWriter.Place place = writer.add(facts, expiresAt);
            counts.given.increment();
            return new StatusReference(signer.uri(place.list().id()), place.index());
        } catch (RuntimeException e) {
            counts.notGiven.increment();
            throw e;
        }
    }

    /**
     * Answers who asks for a list. Never throws for anything that a caller or an outage can cause. No round trip where
     * the list was asked for within the last seconds; else one for the directory, one for each place where tokens are
     * being written and one for what is behind them, and on a node that knows nothing of the list one for each 8,000
     * tokens.
     *
     * @param request {@code GET}, whose {@link EndpointRequest#pathId} is the last part of the address
     * @return 200 {@code application/statuslist+jwt}; 404 for no list of ours, 405, 501 for one of the past
     *     ({@code time}), 503 if nobody can say and the last list is over
     */
    public EndpointResponse answer(EndpointRequest request) {
        EndpointResponse answer = failures.answer(request, () -> list(request));
        if (answer.status() >= 500 && answer.status() != 501) {
            counts.unavailable.increment();
        } else if (answer.status() >= 400) {
            counts.refused.increment();
        } else {
            counts.published.increment();
        }
        return answer;
    }

    /** {@return how many places were given, and how often lists were answered} */
    public List<Meter> meters() {
        return counts.meters();
    }

    private EndpointResponse list(EndpointRequest request) throws RefusedRequestException {
        if (!request.method().equals("GET")) {
            throw RefusedRequestException.methodNotAllowed("GET");
        }
        if (!request.queryParameters("time").isEmpty()) {
            throw RefusedRequestException.of(501, "invalid_request", "lists of the past are not kept", ANYBODY);
        }
        LookupKey id = request.pathId()
                .flatMap(ListState::idOf)
                .filter(this::isKnown)
                .orElseThrow(() ->
                        RefusedRequestException.of(404, "invalid_request", "there is no such status list", ANYBODY));
        return publisher(id)
                .current()
                .map(this::found)
                .orElseThrow(() -> new RefusedRequestException(EndpointAnswers.unavailable()));
    }

    private ListPublisher publisher(LookupKey id) {
        synchronized (publishers) {
            return publishers.computeIfAbsent(
                    id, one -> new ListPublisher(one, lists, records, replica, signer, clocks));
        }
    }

    private EndpointResponse found(SignedList list) {
        Duration left = Duration.between(clock.instant(), list.expiresAt());
        long seconds = Math.max(0, Math.min(signer.ttl().toSeconds(), left.toSeconds()));
        return EndpointResponse.of(
                200,
                List.of(TYPE, new HeaderField("Cache-Control", "max-age=" + seconds), ANYBODY),
                list.token().getBytes(StandardCharsets.US_ASCII));
    }

    /** While the directory cannot be read, those that were known before are. */
    private boolean isKnown(LookupKey id) {
        Instant now = clock.instant();
        KnownLists.Snapshot last = lists.last();
        boolean wasKnown = last != null && isIn(last, id, now);
        try {
            KnownLists.Snapshot snapshot = wasKnown ? lists.near(ListPublisher.FRESH) : lists.within(KnownLists.NEWEST);
            synchronized (publishers) {
                publishers.keySet().removeIf(known -> !isIn(snapshot, known, now));
            }
            return isIn(snapshot, id, now);
        } catch (CurfewException e) {
            if (wasKnown) {
                return true;
            }
            throw e;
        }
    }

    private static boolean isIn(KnownLists.Snapshot snapshot, LookupKey id, Instant now) {
        Optional<ListState> found = snapshot.directory().find(id);
        return found.filter(list -> !list.isOver(now)).isPresent();
    }

    /** Collects the settings of a {@link StatusListIssuer}. Confined to one thread. */
    public static final class Builder {
        private static final Duration SHORTEST = Duration.ofMinutes(1);
        private static final Duration LONGEST = Duration.ofDays(1);

        private final SessionService service;
        private final String issuer;
        private final SigningKey key;
        private final URI base;
        private Duration ttl = SHORTEST;
        private Duration validFor = Duration.ofMinutes(10);

        private Builder(SessionService service, String issuer, SigningKey key, URI base) {
            this.service = Objects.requireNonNull(service, "service");
            this.issuer = Objects.requireNonNull(issuer, "issuer");
            this.key = Objects.requireNonNull(key, "key");
            boolean complete = "https".equals(base.getScheme())
                    && base.getHost() != null
                    && base.getRawUserInfo() == null
                    && base.getRawQuery() == null
                    && base.getRawFragment() == null
                    && !base.getRawPath().isEmpty()
                    && base.normalize().equals(base)
                    && !base.getRawPath().toLowerCase(Locale.ROOT).contains("%2e");
            if (!complete) {
                throw new IllegalArgumentException(
                        "base must be https://host/path without query and fragment, and is " + base);
            }
            this.base = base.toString().endsWith("/") ? base : URI.create(base + "/");
        }

        /**
         * Sets how long a verifier may hold a list, and caches of HTTP too.
         *
         * @param value whole seconds, a minute to a day; a minute by default. No shorter than the replica's
         *     {@code maxStaleness}, or a verifier may meet a list of another node that knows less
         * @return this
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder ttl(Duration value) {
            this.ttl = requireRange("ttl", value);
            return this;
        }

        /**
         * Sets how long a list is believed at most, so how long verifiers do without this issuer.
         *
         * @param value whole seconds, a minute to a day, no less than the {@code ttl}; ten minutes by default
         * @return this
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder validFor(Duration value) {
            this.validFor = requireRange("validFor", value);
            return this;
        }

        /**
         * Makes the issuer. No round trip.
         *
         * @return an issuer for all threads
         * @throws IllegalStateException if the service has no replica, its store keeps no shared records, it remembers
         *     revocations for less than a minute, as without access tokens, or a list would expire before its
         *     {@code ttl}
         */
        public StatusListIssuer build() {
            if (validFor.compareTo(ttl) < 0) {
                throw new IllegalStateException("validFor " + validFor + " is shorter than ttl " + ttl
                        + ": a list would expire while verifiers hold it");
            }
            RevocationReplica replica = service.replica()
                    .orElseThrow(() -> new IllegalStateException("a StatusListIssuer needs this node's replica of the"
                            + " revocations, which authoritativeChecks() has left out"));
            SharedRecords shared = service.basis()
                    .records()
                    .orElseThrow(() -> new IllegalStateException(
                            "a StatusListIssuer needs a store with the ability SharedRecords, which this one has not"));
            Duration longest = service.basis().tokenLifetime();
            if (longest.compareTo(SHORTEST) < 0) {
                throw new IllegalStateException("a StatusListIssuer needs a service that remembers revocations for"
                        + " tokens, and this one does so for " + longest + ": build it with tokenPolicies(...) or"
                        + " maxTokenLifetime(...) of these tokens in place of withoutAccessTokens()");
            }
            return new StatusListIssuer(this, shared, replica);
        }

        private static Duration requireRange(String name, Duration value) {
            if (value.compareTo(SHORTEST) < 0
                    || value.compareTo(LONGEST) > 0
                    || !value.equals(value.truncatedTo(ChronoUnit.SECONDS))) {
                throw new IllegalArgumentException(
                        name + " must be whole seconds from " + SHORTEST + " to " + LONGEST + ", and is " + value);
            }
            return value;
        }
    }
}
