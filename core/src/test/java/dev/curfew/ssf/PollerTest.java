package dev.curfew.ssf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.curfew.contract.TestTokens.Draft;
import dev.curfew.deliver.TlsServer;
import dev.curfew.event.SessionEvent.RevocationRecorded;
import dev.curfew.http.EndpointResponse;
import dev.curfew.meter.Meter;
import dev.curfew.session.SubjectId;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.token.SubjectIdentifier;
import dev.curfew.token.TokenKeys;
import dev.curfew.token.VerifiedToken;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Polls step by step, of a real transmitter over real TLS; time passes by hand. */
class PollerTest {
    private static final Duration INTERVAL = Duration.ofSeconds(10);
    private static final Duration TERM = Duration.ofSeconds(30);

    @TempDir
    private static Path folder;

    private static KeyStore certificate;

    private final SignalHost host = new SignalHost();
    private final Transmitter transmitter = new Transmitter(certificate);
    private final Poller poller = poller(builder -> builder);

    @BeforeAll
    static void makeCertificate() {
        certificate = TlsServer.certificateOf("localhost", folder);
    }

    @AfterEach
    void stop() {
        transmitter.close();
        host.close();
    }

    private Poller poller(UnaryOperator<PollReceiver.Builder> settings) {
        return poller(host.receiver, settings);
    }

    private Poller poller(SecurityEventReceiver receiver, UnaryOperator<PollReceiver.Builder> settings) {
        return settings.apply(PollReceiver.of(receiver, transmitter.http().build(), transmitter.endpoint()))
                .poller();
    }

    /** Steps until there is nothing to do. */
    private Duration drain(Poller each) {
        Duration pause = each.step();
        for (int i = 0; i < 1_000 && pause.isZero(); i++) {
            pause = each.step();
        }
        assertThat(pause).isPositive();
        return pause;
    }

    private String queue(Draft set) {
        String text = set.compact();
        String jti = text.isEmpty() ? "" : jti(text);
        transmitter.queue(jti, text);
        return jti;
    }

    private static String jti(String set) {
        try {
            return com.nimbusds.jwt.SignedJWT.parse(set).getJWTClaimsSet().getJWTID();
        } catch (java.text.ParseException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void set_14_a_poll_says_how_many_and_at_once_and_leaves_out_what_there_is_none_of() {
        drain(poller);

        assertThat(transmitter.polls()).containsExactly(Map.of("maxEvents", 100L, "returnImmediately", true));
        assertThat(transmitter.authorizations()).containsExactly("none");
    }

    @Test
    void set_15_what_came_is_acknowledged_at_once_after_it_is_recorded() {
        VerifiedToken token = host.login("alice", "sid-1");
        String jti = queue(host.sessionRevoked("sid-1"));

        assertThat(poller.step()).isZero();
        assertThat(host.isActive(token)).isFalse();
        assertThat(transmitter.waiting()).containsExactly(jti);
        drain(poller);

        assertThat(transmitter.waiting()).isEmpty();
        assertThat(transmitter.polls()).hasSize(2);
        assertThat(transmitter.polls().get(1))
                .containsEntry("ack", List.of(jti))
                .doesNotContainKey("setErrs");
    }

    @Test
    void it_goes_on_at_once_while_there_is_more_and_then_every_interval() {
        for (int i = 0; i < 250; i++) {
            queue(host.sessionRevoked("sid-" + i));
        }

        drain(poller);
        assertThat(transmitter.waiting()).isEmpty();
        assertThat(transmitter.polls()).hasSize(4);
        assertThat(transmitter.polls())
                .extracting(poll -> poll.containsKey("ack"))
                .containsExactly(false, true, true, true);

        host.clock.advance(INTERVAL.minusMillis(1));
        drain(poller);
        assertThat(transmitter.polls()).hasSize(4);
        host.clock.advance(Duration.ofMillis(1));
        drain(poller);
        assertThat(transmitter.polls()).hasSize(5);
    }

    @Test
    void what_is_wrong_is_refused_by_name_and_stops_nothing_else() {
        VerifiedToken token = host.login("alice", "sid-1");
        transmitter.queue("not-its-jti", host.sessionRevoked("sid-1").compact());
        transmitter.queue("no-string", 42);
        transmitter.queue("rubbish", "rubbish");
        String foreign = queue(host.sessionRevoked("x").with("iss", "https://other.example.com"));
        String deaf = queue(host.sessionRevoked("x").with("aud", "somebody"));
        String state =
                queue(host.event(SignalHost.SSF + "verification", Map.of("state", "x"), SignalHost.opaque("stream")));
        String good = queue(host.sessionRevoked("sid-2"));
        VerifiedToken ended = host.login("bob", "sid-2");

        drain(poller);

        assertThat(host.isActive(token)).as("under another key").isTrue();
        assertThat(host.isActive(ended)).isFalse();
        assertThat(transmitter.waiting()).isEmpty();
        assertThat(transmitter.refused()).hasSize(6);
        assertThat(code("not-its-jti")).isEqualTo("invalid_request");
        assertThat(code("no-string")).isEqualTo("invalid_request");
        assertThat(code("rubbish")).isEqualTo("invalid_request");
        assertThat(code(foreign)).isEqualTo("invalid_issuer");
        assertThat(code(deaf)).isEqualTo("invalid_audience");
        assertThat(code(state)).isEqualTo("invalid_state");
        assertThat(transmitter.polls().get(1)).containsEntry("ack", List.of(good));
        assertThat(transmitter.refused().values())
                .allSatisfy(error -> assertThat(((Map<?, ?>) error).get("description"))
                        .asString()
                        .isNotEmpty());
    }

    private Object code(String jti) {
        return ((Map<?, ?>) transmitter.refused().get(jti)).get("err");
    }

    @Test
    void a_set_of_a_key_that_is_not_known_yet_is_left_for_a_while_and_then_refused() {
        TokenKeys others = TokenKeys.ofJwkSet("{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"k\","
                + "\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
                + "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}]}");
        SecurityEventReceiver early = host.receiver(
                builder -> builder,
                upstream -> upstream,
                host.provider.eventPolicy().keys(others));
        Poller waiting = poller(early, builder -> builder);
        String text = host.sessionRevoked("sid-1").compact();
        String kid =
                com.nimbusds.jose.util.Base64URL.encode("{\"alg\":\"ES256\",\"typ\":\"secevent+jwt\",\"kid\":\"new\"}")
                        + text.substring(text.indexOf('.'));
        transmitter.queue(jti(text), kid);

        drain(waiting);
        host.clock.advance(Duration.ofMinutes(9));
        drain(waiting);
        assertThat(transmitter.refused()).isEmpty();
        assertThat(transmitter.waiting()).hasSize(1);
        assertThat(waiting.health().status(true).left()).isEqualTo(1);

        host.clock.advance(Duration.ofMinutes(1));
        drain(waiting);
        assertThat(transmitter.refused()).hasSize(1);
        assertThat(code(jti(text))).isEqualTo("invalid_key");
    }

    @Test
    void while_the_store_does_not_answer_nothing_is_acknowledged_and_nothing_is_lost() {
        List<VerifiedToken> tokens = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            queue(host.sessionRevoked("sid-" + i));
            tokens.add(host.login("user-" + i, "sid-" + i));
        }
        assertThat(poller.step()).isZero();
        for (int i = 20; i < 40; i++) {
            queue(host.sessionRevoked("sid-" + i));
            tokens.add(host.login("user-" + i, "sid-" + i));
        }
        AtomicInteger revocations = new AtomicInteger();
        host.store.before(verb -> {
            if (verb.equals("revoke")) {
                revocations.incrementAndGet();
                throw StoreUnavailableException.ofWrite(verb, null);
            }
        });

        for (int minutes = 0; minutes < 5; minutes++) {
            drain(poller);
            host.clock.advance(Duration.ofMinutes(1));
        }
        assertThat(transmitter.waiting()).hasSize(20);
        assertThat(transmitter.refused()).isEmpty();
        assertThat(revocations.get()).as("three of each page are tried").isEqualTo(15);
        assertThat(poller.health().status(true).failures()).isEqualTo(5);

        host.store.before(verb -> {});
        host.clock.advance(Duration.ofMinutes(1));
        drain(poller);
        assertThat(transmitter.waiting()).isEmpty();
        assertThat(tokens).noneMatch(host::isActive);
        assertThat(poller.health().status(true).failures()).isZero();
    }

    @Test
    void a_set_that_fails_for_reasons_of_its_own_is_left_and_stops_nothing_else() {
        SecurityEventReceiver resolving = host.receiver(
                builder -> builder,
                upstream -> upstream.subjects(name -> {
                    if (name instanceof SubjectIdentifier.IssSub person
                            && person.sub().equals("poison")) {
                        throw new IllegalStateException("the directory fails");
                    }
                    return Optional.of(new SubjectId(host.provider.realm(), "alice"));
                }),
                host.provider.eventPolicy());
        Poller tried = poller(resolving, builder -> builder);
        String poison = queue(host.event(SignalHost.CAEP + "session-revoked", host.person("poison")));
        queue(host.event(SignalHost.CAEP + "session-revoked", host.person("alice")));
        VerifiedToken alice = host.login("alice", "sid-1");

        drain(tried);

        assertThat(host.isActive(alice)).isFalse();
        assertThat(transmitter.waiting()).containsExactly(poison);
        assertThat(transmitter.refused()).isEmpty();
        int polls = transmitter.polls().size();
        host.clock.advance(INTERVAL);
        assertThat(drain(tried)).as("no hurry for what fails again").isPositive();
        assertThat(transmitter.polls()).hasSize(polls + 1);
    }

    @Test
    void more_sets_that_fail_than_come_at_once_do_not_hide_those_behind_them_and_are_trouble() {
        AtomicInteger broken = new AtomicInteger(1);
        SecurityEventReceiver resolving = host.receiver(
                builder -> builder,
                upstream -> upstream.subjects(name -> {
                    if (broken.get() == 1) {
                        throw new IllegalStateException("the directory fails");
                    }
                    return Optional.of(new SubjectId(host.provider.realm(), "alice"));
                }),
                host.provider.eventPolicy());
        Poller tried = poller(resolving, builder -> builder);
        for (int i = 0; i < 250; i++) {
            queue(host.event(SignalHost.CAEP + "session-revoked", host.person("poison-" + i)));
        }
        queue(host.sessionRevoked("sid-1"));
        VerifiedToken behind = host.login("bob", "sid-1");

        for (int i = 0; i < 5; i++) {
            drain(tried);
            host.clock.advance(INTERVAL);
        }

        assertThat(host.isActive(behind)).isFalse();
        assertThat(transmitter.waiting()).hasSize(250);
        assertThat(tried.health().status(true).left()).isEqualTo(250);
        assertThat(tried.health().status(true).trouble()).isPresent();
        broken.set(0);
        drain(tried);
        assertThat(transmitter.waiting()).isEmpty();
        assertThat(tried.health().status(true).left()).isZero();
        assertThat(tried.health().status(true).trouble()).isEmpty();
    }

    @Test
    void so_many_long_sets_that_fail_that_no_answer_could_hold_them_are_recorded_once_they_can_be() {
        AtomicInteger broken = new AtomicInteger(1);
        SecurityEventReceiver resolving = host.receiver(
                builder -> builder,
                upstream -> upstream.subjects(name -> {
                    if (broken.get() == 1) {
                        throw new IllegalStateException("the directory fails");
                    }
                    return Optional.of(new SubjectId(host.provider.realm(), "alice"));
                }),
                host.provider.eventPolicy());
        Poller tried = poller(resolving, builder -> builder);
        String padding = "x".repeat(20_000);
        for (int i = 0; i < 250; i++) {
            queue(host.event(SignalHost.CAEP + "session-revoked", host.person("poison-" + i))
                    .with("padding", padding));
        }
        for (int i = 0; i < 10; i++) {
            drain(tried);
            host.clock.advance(Duration.ofMinutes(1));
        }
        assertThat(transmitter.waiting()).hasSize(250);

        broken.set(0);
        for (int i = 0; i < 10; i++) {
            drain(tried);
            host.clock.advance(Duration.ofMinutes(1));
        }

        assertThat(transmitter.waiting()).isEmpty();
        assertThat(tried.health().status(true).trouble()).isEmpty();
    }

    @Test
    void whatever_a_host_throws_ends_no_thread() {
        SecurityEventReceiver mad = host.receiver(
                builder -> builder.listener((token, why) -> {
                    throw new AssertionError("listener");
                }),
                upstream -> upstream.subjects(name -> {
                    throw new StackOverflowError("resolver");
                }),
                host.provider.eventPolicy());
        AtomicInteger asked = new AtomicInteger();
        Poller tried = poller(
                mad,
                builder -> builder.authorization(() -> {
                    if (asked.incrementAndGet() == 1) {
                        throw new NoClassDefFoundError("authorization");
                    }
                    return "Bearer x";
                }));
        String left = queue(host.event(SignalHost.CAEP + "session-revoked", host.person("alice")));
        queue(host.event("https://example.com/other", host.person("alice")));

        assertThat(tried.step()).isPositive();
        assertThat(tried.health().status(true).failures()).isEqualTo(1);
        host.clock.advance(Duration.ofMinutes(1));
        drain(tried);

        assertThat(transmitter.waiting()).containsExactly(left);
        assertThat(tried.health().status(true).left()).isEqualTo(1);
    }

    @Test
    void while_keys_cannot_be_had_it_is_an_outage_of_the_whole_round() {
        SecurityEventReceiver keyless = host.receiver(
                builder -> builder,
                upstream -> upstream,
                host.provider.eventPolicy().keys(TokenKeys.remote(URI.create("http://127.0.0.1:9/jwks.json"))));
        Poller tried = poller(keyless, builder -> builder);
        for (int i = 0; i < 50; i++) {
            queue(host.sessionRevoked("sid-" + i));
        }

        drain(tried);

        assertThat(transmitter.waiting()).hasSize(50);
        assertThat(tried.health().status(true).failures()).isEqualTo(1);
        assertThat(tried.setMeters())
                .filteredOn(meter -> "failed".equals(meter.tags().get("result")))
                .singleElement()
                .satisfies(meter ->
                        assertThat(((Meter.Counter) meter).count().getAsLong()).isEqualTo(3));
    }

    @Test
    void a_set_that_is_ahead_of_this_nodes_clock_is_accepted_when_it_has_caught_up() {
        VerifiedToken token = host.login("alice", "sid-1");
        queue(host.sessionRevoked("sid-1")
                .with("iat", host.now().plusSeconds(40).getEpochSecond()));

        drain(poller);
        assertThat(transmitter.refused()).isEmpty();
        host.clock.advance(Duration.ofSeconds(40));
        drain(poller);

        assertThat(transmitter.waiting()).isEmpty();
        assertThat(transmitter.refused()).isEmpty();
        assertThat(host.isActive(token)).isFalse();
    }

    @Test
    void a_transmitter_that_takes_no_refusals_is_told_none_and_the_stream_goes_on() {
        AtomicInteger refusals = new AtomicInteger();
        transmitter.refusesErrors(refusals::incrementAndGet);
        transmitter.queue("rubbish", "rubbish");
        List<VerifiedToken> tokens = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            queue(host.sessionRevoked("sid-" + i));
            tokens.add(host.login("alice", "sid-" + i));
            drain(poller);
            host.clock.advance(Duration.ofMinutes(1));
        }
        drain(poller);

        assertThat(refusals.get()).isEqualTo(1);
        assertThat(transmitter.waiting()).containsExactly("rubbish");
        assertThat(tokens).noneMatch(host::isActive);
        assertThat(poller.health().status(true).left()).isEqualTo(1);
    }

    @Test
    void failures_to_acknowledge_add_up_although_polls_without_acknowledgements_are_answered() {
        queue(host.sessionRevoked("sid-1"));
        transmitter.refusesAcknowledgements();

        for (int i = 0; i < 12; i++) {
            drain(poller);
            host.clock.advance(Duration.ofMinutes(1));
        }

        assertThat(poller.health().status(true).failures()).isGreaterThan(3);
        assertThat(poller.health().status(true).trouble()).isPresent();
    }

    @Test
    void answers_that_alternate_are_no_reason_to_hurry() {
        String first = host.sessionRevoked("sid-1").compact();
        String second = host.sessionRevoked("sid-2").compact();
        AtomicInteger number = new AtomicInteger();
        transmitter.answers(exchange -> {
            String set = number.incrementAndGet() % 2 == 0 ? first : second;
            Transmitter.send(exchange, 200, "{\"sets\":{\"" + jti(set) + "\":\"" + set + "\"},\"moreAvailable\":true}");
        });

        for (int i = 0; i < 20; i++) {
            poller.step();
        }

        assertThat(transmitter.polls()).hasSize(3);
    }

    @Test
    void endless_new_rubbish_is_asked_for_with_a_rest_in_between() {
        AtomicInteger number = new AtomicInteger();
        transmitter.answers(exchange -> Transmitter.send(
                exchange, 200, "{\"sets\":{\"" + number.incrementAndGet() + "\":1},\"moreAvailable\":true}"));

        for (int i = 0; i < 300; i++) {
            poller.step();
        }

        assertThat(transmitter.polls()).hasSize(100);
    }

    @Test
    void a_lost_acknowledgement_only_repeats() {
        String jti = queue(host.sessionRevoked("sid-1"));
        assertThat(poller.step()).isZero();
        host.clock.advance(Duration.ofMinutes(1));
        VerifiedToken since = host.login("alice", "sid-1");
        transmitter.answers(exchange -> exchange.close());
        assertThat(poller.step()).isPositive();
        transmitter.works();
        host.clock.advance(Duration.ofMinutes(1));
        drain(poller);

        assertThat(transmitter.waiting()).isEmpty();
        assertThat(transmitter.polls())
                .filteredOn(poll -> poll.containsKey("ack"))
                .allSatisfy(poll -> assertThat(poll.get("ack")).isEqualTo(List.of(jti)));
        assertThat(host.isActive(since)).isTrue();
        assertThat(host.events(RevocationRecorded.class)).hasSize(1);
    }

    @Test
    void a_transmitter_that_sends_what_was_acknowledged_again_and_again_is_asked_every_interval() {
        transmitter.keepsAll();
        queue(host.sessionRevoked("sid-1"));

        drain(poller);
        int first = transmitter.polls().size();
        host.clock.advance(INTERVAL);
        drain(poller);

        assertThat(first).isEqualTo(2);
        assertThat(transmitter.polls()).hasSize(3);
        assertThat(host.events(RevocationRecorded.class)).hasSize(1);
    }

    @Test
    void push_and_poll_of_one_set_have_one_effect() {
        String set = host.sessionRevoked("sid-1").compact();
        transmitter.queue(jti(set), set);

        drain(poller);
        host.clock.advance(Duration.ofMinutes(1));
        VerifiedToken since = host.login("alice", "sid-1");
        EndpointResponse pushed = SignalHost.push(host.endpoint, set);

        assertThat(pushed.status()).isEqualTo(202);
        assertThat(host.isActive(since)).isTrue();
        assertThat(host.events(RevocationRecorded.class)).hasSize(1);
    }

    @Test
    void of_two_nodes_one_polls_and_the_other_goes_on_when_it_ends() {
        Poller second = poller(builder -> builder);
        queue(host.sessionRevoked("sid-1"));
        drain(poller);
        assertThat(second.step()).isEqualTo(Duration.ofSeconds(5));
        assertThat(poller.health().status(true).isHolder()).isTrue();
        assertThat(second.health().status(true).isHolder()).isFalse();
        int polls = transmitter.polls().size();

        poller.release();
        drain(second);

        assertThat(transmitter.polls()).hasSize(polls + 1);
        assertThat(second.health().status(true).isHolder()).isTrue();
        assertThat(poller.health().status(true).isHolder()).isFalse();
    }

    @Test
    void whoever_has_lost_the_lease_in_the_middle_acknowledges_nothing_more() {
        Poller second = poller(builder -> builder);
        for (int i = 0; i < 3; i++) {
            queue(host.sessionRevoked("sid-" + i));
        }
        AtomicInteger acts = new AtomicInteger();
        host.store.after(verb -> {
            if (verb.equals("revoke") && acts.incrementAndGet() == 2) {
                // It stood still for longer than its term, and somebody else has taken over.
                host.clock.advance(TERM.plus(Duration.ofMinutes(1)));
                host.store.after(done -> {});
                drain(second);
            }
        });

        assertThat(poller.step()).isPositive();
        assertThat(poller.step()).isEqualTo(Duration.ofSeconds(5));

        assertThat(transmitter.waiting()).isEmpty();
        List<Map<String, Object>> acknowledging = transmitter.polls().stream()
                .filter(poll -> poll.containsKey("ack"))
                .toList();
        assertThat(acknowledging).as("by the second alone").hasSize(1);
        assertThat(host.events(RevocationRecorded.class)).hasSize(3);
        assertThat(poller.health().status(true).isHolder()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "rubbish",
                "[]",
                "null",
                "{\"sets\":[]}",
                "{\"sets\":1}",
                "{\"sets\":{},\"moreAvailable\":\"yes\"}",
                "{\"sets\":{},\"sets\":{}}",
                "{\"sets\":{\"a\":\"b\"}",
                "{\"sets\":{}}{}"
            })
    void an_answer_that_is_none_is_a_failure_and_nothing_of_it_counts(String text) {
        transmitter.answers(exchange -> Transmitter.send(exchange, 200, text));

        assertThat(poller.step()).isPositive();
        assertThat(poller.health().status(true).failures()).isEqualTo(1);
        assertThat(poller.health().status(true).trouble()).isPresent();
        transmitter.works();
        host.clock.advance(Duration.ofMinutes(1));
        drain(poller);
        assertThat(poller.health().status(true).failures()).isZero();
        assertThat(poller.health().status(true).trouble()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {201, 204, 301, 302, 307, 400, 401, 403, 404, 429, 500, 502, 503})
    void any_other_status_is_a_failure_and_a_redirect_is_not_followed(int status) {
        transmitter.answers(exchange -> {
            exchange.getResponseHeaders().set("Location", "https://169.254.169.254/latest/meta-data/");
            Transmitter.send(exchange, status, status == 204 ? "" : "{\"sets\":{}}");
        });

        assertThat(poller.step()).isPositive();

        assertThat(poller.health().status(true).failures()).isEqualTo(1);
        assertThat(poller.health().status(true).trouble()).contains("the answer has the status " + status);
        assertThat(transmitter.polls()).hasSize(1);
    }

    @Test
    void failures_are_answered_with_longer_pauses_up_to_a_minute() {
        transmitter.answers(exchange -> Transmitter.send(exchange, 500, ""));

        List<Long> seconds = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            Instant from = host.now();
            int polls = transmitter.polls().size();
            while (transmitter.polls().size() == polls) {
                host.clock.advance(poller.step());
            }
            seconds.add(Duration.between(from, host.now()).toSeconds());
        }

        assertThat(seconds.subList(8, 12)).allSatisfy(pause -> assertThat(pause).isBetween(29L, 61L));
        assertThat(seconds.get(1)).isLessThanOrEqualTo(2);
    }

    @Test
    void retry_after_is_obeyed_in_both_spellings_up_to_an_hour() {
        Duration toDate = retryAfter("Sun, 01 Mar 2026 12:31:00 GMT");
        assertThat(toDate).isCloseTo(Duration.ofMinutes(30), Duration.ofSeconds(5));
        assertThat(retryAfter("120")).isCloseTo(Duration.ofMinutes(2), Duration.ofSeconds(5));
        assertThat(retryAfter("999999999")).isCloseTo(Duration.ofHours(1), Duration.ofSeconds(5));
        for (String odd : List.of("soon", "-5", "99999999999999999999", "Sun, 01 Mar 2020 12:00:00 GMT", "")) {
            assertThat(retryAfter(odd)).as(odd).isLessThan(Duration.ofMinutes(2));
        }
    }

    /** Until the next poll. */
    private Duration retryAfter(String value) {
        transmitter.answers(exchange -> {
            exchange.getResponseHeaders().set("Retry-After", value);
            Transmitter.send(exchange, 503, "");
        });
        int polls = transmitter.polls().size();
        while (transmitter.polls().size() == polls) {
            host.clock.advance(poller.step());
        }
        Instant from = host.now();
        polls = transmitter.polls().size();
        while (transmitter.polls().size() == polls) {
            host.clock.advance(poller.step());
        }
        return Duration.between(from, host.now());
    }

    @Test
    void an_answer_without_end_is_cut_off_and_fewer_are_asked_for() {
        byte[] piece = " ".repeat(64 * 1024).getBytes(StandardCharsets.UTF_8);
        CountDownLatch cut = new CountDownLatch(1);
        transmitter.answers(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try {
                while (true) {
                    exchange.getResponseBody().write(piece);
                }
            } finally {
                cut.countDown();
            }
        });
        assertThat(poller.step()).isPositive();
        assertThat(awaited(cut)).isTrue();
        assertThat(poller.health().status(true).trouble())
                .hasValueSatisfying(why -> assertThat(why).contains("TOO_LARGE"));
        transmitter.works();
        for (int i = 0; i < 60; i++) {
            queue(host.sessionRevoked("sid-" + i));
        }

        host.clock.advance(Duration.ofMinutes(1));
        drain(poller);

        assertThat(transmitter.waiting()).isEmpty();
        assertThat(transmitter.polls())
                .extracting(poll -> poll.get("maxEvents"))
                .startsWith(100L, 50L, 50L, 50L);
        host.clock.advance(INTERVAL);
        drain(poller);
        assertThat(transmitter.polls().get(transmitter.polls().size() - 1)).containsEntry("maxEvents", 100L);
    }

    @Test
    void more_sets_than_may_come_at_once_are_taken_in_pages() {
        Map<String, Object> sets = new java.util.LinkedHashMap<>();
        for (int i = 0; i < 150; i++) {
            String set = host.sessionRevoked("sid-" + i).compact();
            sets.put(jti(set), set);
        }
        String all = com.nimbusds.jose.util.JSONObjectUtils.toJSONString(Map.of("sets", sets));
        transmitter.answers(exchange -> Transmitter.send(exchange, 200, all));

        assertThat(poller.step()).isZero();
        poller.step();

        assertThat((List<?>) transmitter.polls().get(1).get("ack")).hasSize(100);
    }

    @Test
    void a_transmitter_that_is_frozen_costs_no_more_than_the_time_out() {
        CountDownLatch end = new CountDownLatch(1);
        transmitter.answers(exchange -> awaited(end));
        Poller hasty = PollReceiver.of(
                        host.receiver,
                        transmitter.http().timeout(Duration.ofMillis(300)).build(),
                        transmitter.endpoint())
                .poller();
        long before = System.nanoTime();

        assertThat(hasty.step()).isPositive();

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
        assertThat(hasty.health().status(true).trouble())
                .hasValueSatisfying(why -> assertThat(why).contains("TIMED_OUT"));
        end.countDown();
    }

    @Test
    void a_transmitter_that_dies_in_the_middle_of_its_answer_loses_nothing() {
        VerifiedToken token = host.login("alice", "sid-1");
        String jti = queue(host.sessionRevoked("sid-1"));
        transmitter.answers(exchange -> {
            exchange.sendResponseHeaders(200, 1_000);
            exchange.getResponseBody().write("{\"sets\":{".getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
            throw new java.io.IOException("it dies");
        });
        assertThat(poller.step()).isPositive();
        transmitter.close();
        host.clock.advance(Duration.ofMinutes(1));
        assertThat(poller.step()).isPositive();
        assertThat(host.isActive(token)).isTrue();
        assertThat(transmitter.waiting()).containsExactly(jti);
        assertThat(poller.health().status(true).failures()).isEqualTo(2);
    }

    @Test
    void the_authorization_is_asked_for_each_time_and_its_failure_spells_nothing() {
        AtomicInteger number = new AtomicInteger();
        Poller known = poller(builder -> builder.authorization(() -> {
            if (number.incrementAndGet() == 3) {
                throw new IllegalStateException("secret-3 cannot be renewed");
            }
            return number.get() == 4 ? "line\nfeed-4" : "Bearer secret-" + number.get();
        }));
        for (int i = 0; i < 4; i++) {
            drain(known);
            host.clock.advance(Duration.ofMinutes(2));
        }

        assertThat(transmitter.authorizations()).containsExactly("Bearer secret-1", "Bearer secret-2");
        assertThat(known.health().status(true).failures()).isEqualTo(2);
        assertThat(known.health().status(true).trouble().orElseThrow())
                .doesNotContain("secret")
                .doesNotContain("feed-4");
    }

    @Test
    void an_acknowledgement_that_the_transmitter_refuses_does_not_stop_the_stream_for_ever() {
        queue(host.sessionRevoked("sid-1"));
        assertThat(poller.step()).isZero();
        transmitter.answers(exchange -> Transmitter.send(exchange, 400, ""));
        assertThat(poller.step()).isPositive();
        transmitter.works();
        host.clock.advance(Duration.ofMinutes(1));

        drain(poller);
        assertThat(transmitter.polls().get(2)).doesNotContainKey("ack");
        host.clock.advance(INTERVAL);
        drain(poller);

        assertThat(transmitter.waiting()).isEmpty();
        assertThat(poller.health().status(true).failures()).isZero();
    }

    @Test
    void how_it_fares_can_be_measured() {
        assertThat(silence()).isNaN();
        queue(host.sessionRevoked("sid-1"));
        transmitter.queue("rubbish", "rubbish");
        drain(poller);
        host.clock.advance(Duration.ofSeconds(7));

        assertThat(silence()).isCloseTo(7, within(0.001));
        assertThat(counted("curfew.ssf.polls", "answered")).isEqualTo(2);
        assertThat(counted("curfew.ssf.polls", "failed")).isZero();
        assertThat(counted("curfew.ssf.sets", "accepted")).isEqualTo(1);
        assertThat(counted("curfew.ssf.sets", "refused")).isEqualTo(1);
        assertThat(counted("curfew.ssf.sets", "failed")).isZero();
        assertThat(poller.health().status(true).answeredAt())
                .contains(host.now().minusSeconds(7));
    }

    private double silence() {
        return poller.health().meters().stream()
                .filter(Meter.Gauge.class::isInstance)
                .map(Meter.Gauge.class::cast)
                .findFirst()
                .orElseThrow()
                .value()
                .getAsDouble();
    }

    private long counted(String name, String result) {
        List<Meter> meters = new ArrayList<>(poller.setMeters());
        meters.addAll(poller.health().meters());
        return meters.stream()
                .filter(meter ->
                        meter.name().equals(name) && result.equals(meter.tags().get("result")))
                .map(Meter.Counter.class::cast)
                .findFirst()
                .orElseThrow()
                .count()
                .getAsLong();
    }

    @Test
    void settings_out_of_range_are_refused() {
        PollReceiver.Builder builder =
                PollReceiver.of(host.receiver, transmitter.http().build(), transmitter.endpoint());
        for (Duration bad : List.of(Duration.ZERO, Duration.ofMillis(999), Duration.ofHours(2))) {
            assertThatIllegalArgumentException().isThrownBy(() -> builder.interval(bad));
        }
        for (int bad : new int[] {0, -1, 101}) {
            assertThatIllegalArgumentException().isThrownBy(() -> builder.maxEvents(bad));
        }
    }

    private static boolean awaited(CountDownLatch latch) {
        try {
            return latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
