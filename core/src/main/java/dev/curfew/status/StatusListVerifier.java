package dev.curfew.status;

import dev.curfew.deliver.OutgoingAnswer;
import dev.curfew.deliver.OutgoingHttp;
import dev.curfew.deliver.OutgoingRequest;
import dev.curfew.token.EventToken;
import dev.curfew.token.EventTokenPolicy.Profile;
import dev.curfew.token.EventTokenVerifier;
import dev.curfew.token.VerifiedToken;
import dev.curfew.work.BoundedMap;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Asks another issuer's status lists for the status of its tokens (Token Status List, section 8). Thread-safe.
 *
 * <p>It stands beside the revocation checker, and replaces nothing of it: ask both. A list is held for its {@code ttl},
 * at least a minute and at most a day, and never beyond its {@code exp}; the headers of the answer do not count. At
 * most 64 lists are held. A check costs no request while its list is held; else it waits for one, up to the time-out of
 * the {@link OutgoingHttp}.
 */
public final class StatusListVerifier {
    private static final int MOST_LISTS = 64;
    private static final int MOST_BYTES = 1024 * 1024;
    private static final int OK = 200;
    private static final String TYPE = "application/statuslist+jwt";

    private final EventTokenVerifier lists;
    private final OutgoingHttp http;
    private final List<String> prefixes;
    private final boolean acceptMissing;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final Map<URI, ListSource> sources = BoundedMap.byUse(MOST_LISTS);

    private StatusListVerifier(Builder builder) {
        this.lists = builder.lists;
        this.http = builder.http;
        this.prefixes = List.copyOf(builder.prefixes);
        this.acceptMissing = builder.acceptMissing;
        this.clock = builder.clock;
        this.nanoTime = builder.nanoTime;
    }

    /**
     * Begins a verifier of one issuer's tokens.
     *
     * @param lists of the profile STATUS_LIST, in the realm of the tokens: whose signature a list must have
     * @param http by which lists are asked for; it must allow their host
     * @return a builder
     * @throws IllegalArgumentException if the verifier is of another profile
     */
    public static Builder of(EventTokenVerifier lists, OutgoingHttp http) {
        return new Builder(lists, http);
    }

    /**
     * The status of a token that is valid in itself. Whatever goes wrong is {@link TokenStatus#UNKNOWN}, which denies.
     *
     * @param token of the issuer, verified
     * @return what its list says
     */
    public TokenStatus check(VerifiedToken token) {
        if (!token.realm().equals(lists.policy().realm())) {
            return TokenStatus.UNKNOWN;
        }
        if (StatusReference.isMissing(token.claims())) {
            return acceptMissing ? TokenStatus.VALID : TokenStatus.UNKNOWN;
        }
        return StatusReference.of(token.claims())
                .filter(this::isAllowed)
                .map(this::statusOf)
                .orElse(TokenStatus.UNKNOWN);
    }

    private TokenStatus statusOf(StatusReference reference) {
        ListSource source;
        synchronized (sources) {
            source = sources.computeIfAbsent(reference.uri(), uri -> new ListSource(() -> download(uri), nanoTime));
        }
        HeldList held = source.current(clock.instant());
        if (held == null || reference.index() >= held.list().size()) {
            return TokenStatus.UNKNOWN;
        }
        return TokenStatus.of(held.list().get(reference.index()));
    }

    /** What climbs out of a prefix, in whatever spelling, does not begin with it. */
    private boolean isAllowed(StatusReference reference) {
        String text = reference.uri().toString();
        return reference.uri().normalize().equals(reference.uri())
                && !text.toLowerCase(Locale.ROOT).contains("%2e")
                && prefixes.stream().anyMatch(text::startsWith);
    }

    private HeldList download(URI uri) {
        OutgoingAnswer answer =
                http.send(OutgoingRequest.get(uri).header("Accept", TYPE).maxAnswerBytes(MOST_BYTES));
        if (answer.status() != OK || !isList(answer.header("Content-Type"))) {
            throw new InvalidStatusListException(
                    "the answer has the status " + answer.status() + ", or is not " + TYPE);
        }
        EventToken token = lists.verify(new String(answer.body(), StandardCharsets.ISO_8859_1).strip());
        if (!token.subject().equals(Optional.of(uri.toString()))) {
            throw new InvalidStatusListException("sub is not the address that it was asked from");
        }
        return HeldList.of(token, lists.policy().skew());
    }

    private static boolean isList(Optional<String> contentType) {
        return contentType
                .map(type -> type.split(";", 2)[0].strip().equalsIgnoreCase(TYPE))
                .orElse(false);
    }

    /** Collects the settings of a {@link StatusListVerifier}. Confined to one thread. */
    public static final class Builder {
        private final EventTokenVerifier lists;
        private final OutgoingHttp http;
        private final List<String> prefixes = new ArrayList<>();
        private boolean acceptMissing;
        private Clock clock = Clock.systemUTC();
        private LongSupplier nanoTime = System::nanoTime;

        private Builder(EventTokenVerifier lists, OutgoingHttp http) {
            this.lists = Objects.requireNonNull(lists, "lists");
            this.http = Objects.requireNonNull(http, "http");
            if (lists.policy().profile() != Profile.STATUS_LIST) {
                throw new IllegalArgumentException("lists: the verifier must be of the profile STATUS_LIST, and is of "
                        + lists.policy().profile());
            }
        }

        /**
         * Allows lists whose address begins so. One at least is required.
         *
         * @param prefix of https with a path, such as {@code https://issuer.example/statuslists/}
         * @return this
         */
        public Builder uriPrefix(String prefix) {
            URI uri = URI.create(prefix);
            boolean complete = "https".equals(uri.getScheme())
                    && uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && !uri.getRawPath().isEmpty();
            if (!complete) {
                // Without a path, a longer name of a host would begin so too.
                throw new IllegalArgumentException(
                        "uriPrefix must be https://host/path, a single / at least, and is " + prefix);
            }
            prefixes.add(prefix);
            return this;
        }

        /**
         * Takes a token without the claim {@code status} as valid: its issuer gives no status to all of its tokens. By
         * default it is {@link TokenStatus#UNKNOWN}.
         *
         * @return this
         */
        public Builder acceptMissingStatus() {
            this.acceptMissing = true;
            return this;
        }

        /**
         * Sets the clock by which lists expire.
         *
         * @param value the system's by default
         * @return this
         */
        public Builder clock(Clock value) {
            this.clock = Objects.requireNonNull(value, "clock");
            return this;
        }

        /** For tests: ages are elapsed time. */
        Builder nanoTime(LongSupplier value) {
            this.nanoTime = value;
            return this;
        }

        /**
         * Makes the verifier.
         *
         * @return the verifier
         * @throws IllegalStateException if no prefix is allowed
         */
        public StatusListVerifier build() {
            if (prefixes.isEmpty()) {
                throw new IllegalStateException(
                        "missing setting: a StatusListVerifier needs uriPrefix(String), where its issuer's lists are");
            }
            return new StatusListVerifier(this);
        }
    }
}
