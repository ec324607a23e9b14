package dev.curfew.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.Ed25519Verifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.curfew.RevocationCause;
import dev.curfew.SessionService;
import dev.curfew.SessionServiceBuilder;
import dev.curfew.check.WatchedStore;
import dev.curfew.contract.Given;
import dev.curfew.contract.ManualClock;
import dev.curfew.contract.TestKeys;
import dev.curfew.contract.TestTokens;
import dev.curfew.crypto.KeyRing;
import dev.curfew.http.EndpointRequest;
import dev.curfew.http.EndpointResponse;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.meter.Meter;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.LookupKey;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.session.SubjectId;
import dev.curfew.store.FeedRead;
import dev.curfew.store.RecordKey;
import dev.curfew.store.SessionStore;
import dev.curfew.store.SharedRecord;
import dev.curfew.store.SharedRecords;
import dev.curfew.store.StoreTimes;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.testkit.HangingCalls;
import dev.curfew.testkit.TestStore;
import dev.curfew.token.SigningKey;
import dev.curfew.token.VerifiedToken;
import java.net.URI;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TSL-01 to TSL-14, of lists of ours. What every store must do is in the contract. */
class StatusListIssuerTest {
    private static final Duration LIFE = TestTokens.LIFETIME;
    private static final Duration LATER = Duration.ofSeconds(6);
    private static final URI BASE = URI.create("https://issuer.example/statuslists");
    private static final SigningKey KEY = key();
    private static final RevocationCause BY_ADMIN = RevocationCause.byAdmin(RevocationReason.REVOKED_BY_ADMIN, "root");

    private final ManualClock clock = ManualClock.at(Given.NOW);
    private final TestTokens tokens = TestTokens.foreign(Given.REALM, clock);
    private final InMemorySessionStore memory = InMemorySessionStore.create();
    private final TestStore store = TestStore.over(memory, clock);
    private final List<SessionService> services = new ArrayList<>();
    private final SessionService service = service(store);
    private final StatusListIssuer issuer = issuer(service);

    @AfterEach
    void close() {
        services.forEach(SessionService::close);
    }

    private static SigningKey key() {
        try {
            KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            return SigningKey.of("k1", "EdDSA", pair.getPrivate(), pair.getPublic());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private SessionService service(SessionStore of) {
        return service(of, TestKeys.ring("lists"));
    }

    private SessionService service(SessionStore of, KeyRing ring) {
        return started(builder(of).encryption(ring));
    }

    private SessionServiceBuilder builder(SessionStore of) {
        return SessionService.builder()
                .store(of)
                .lifetimes(SessionLifetimes.aal1())
                .tokenPolicies(tokens.policy())
                .trustTokensOlderThanStore()
                .clock(clock, clock.ticker())
                .withoutAuditLog()
                .eventExecutor(Runnable::run);
    }

    private SessionService started(SessionServiceBuilder builder) {
        SessionService made = builder.build();
        services.add(made);
        return made;
    }

    private static StatusListIssuer issuer(SessionService of) {
        return StatusListIssuer.of(of, "https://issuer.example", KEY, BASE).build();
    }

    private StatusReference place(VerifiedToken token) {
        return issuer.allocate(token.facts(), clock.instant().plus(LIFE));
    }

    private VerifiedToken token(String subject) {
        return tokens.draft(subject).verified();
    }

    private TokenFacts facts() {
        return token("alice").facts();
    }

    private static EndpointRequest request(URI list) {
        String text = list.toString();
        return EndpointRequest.of("GET")
                .pathId(text.substring(text.lastIndexOf('/') + 1))
                .build();
    }

    private EndpointResponse answer(StatusReference place) {
        return issuer.answer(request(place.uri()));
    }

    private static JWTClaimsSet claims(EndpointResponse answer) throws Exception {
        assertThat(answer.status()).isEqualTo(200);
        return SignedJWT.parse(answer.bodyText()).getJWTClaimsSet();
    }

    private static StatusList list(EndpointResponse answer) {
        try {
            Map<String, Object> list = claims(answer).getJSONObjectClaim("status_list");
            return StatusList.decode(((Number) list.get("bits")).intValue(), (String) list.get("lst"), 1 << 20);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private boolean isInvalid(StatusReference place) {
        return isInvalid(issuer, place);
    }

    private static boolean isInvalid(StatusListIssuer at, StatusReference place) {
        return list(at.answer(request(place.uri()))).get(place.index()) == 1;
    }

    private void revoke(SubjectId subject) {
        service.revokeAllSessions(subject, BY_ADMIN);
    }

    @Test
    void a_list_is_a_signed_token_that_another_implementation_verifies() throws Exception {
        StatusReference place = place(token("alice"));

        EndpointResponse answer = answer(place);

        SignedJWT jwt = SignedJWT.parse(answer.bodyText());
        assertThat(jwt.verify(new Ed25519Verifier(JWKSet.parse(SigningKey.jwkSet(List.of(KEY)))
                        .getKeyByKeyId("k1")
                        .toOctetKeyPair())))
                .isTrue();
        JWSHeader header = jwt.getHeader();
        assertThat(header.toJSONObject()).isEqualTo(Map.of("typ", "statuslist+jwt", "alg", "EdDSA", "kid", "k1"));
        JWTClaimsSet claims = jwt.getJWTClaimsSet();
        assertThat(claims.getClaims().keySet())
                .containsExactlyInAnyOrder("iss", "sub", "iat", "exp", "ttl", "status_list");
        assertThat(claims.getIssuer()).isEqualTo("https://issuer.example");
        assertThat(claims.getSubject())
                .isEqualTo(place.uri().toString())
                .matches("https://issuer\\.example/statuslists/[\\w-]{22}");
        assertThat(claims.getIssueTime()).isEqualTo(Date.from(Given.NOW));
        assertThat(claims.getExpirationTime()).isEqualTo(Date.from(Given.NOW.plusSeconds(600)));
        assertThat(claims.getLongClaim("ttl")).isEqualTo(60);
        assertThat(claims.getJSONObjectClaim("status_list").keySet()).containsExactlyInAnyOrder("bits", "lst");
        assertThat(list(answer).size()).isEqualTo(1 << 17);
        assertThat(list(answer).bits()).isEqualTo(1);
    }

    @Test
    void the_answer_has_its_type_may_be_kept_for_the_ttl_and_read_by_any_page() {
        EndpointResponse answer = answer(place(token("alice")));

        assertThat(answer.headers("Content-Type")).containsExactly("application/statuslist+jwt");
        assertThat(answer.headers("Cache-Control")).containsExactly("max-age=60");
        assertThat(answer.headers("Access-Control-Allow-Origin")).containsExactly("*");
    }

    @Test
    void the_claim_of_a_token_names_list_and_index() {
        StatusReference place = place(token("alice"));

        assertThat(place.claim())
                .isEqualTo(Map.of(
                        "status_list",
                        Map.of("idx", place.index(), "uri", place.uri().toString())));
        assertThat(StatusReference.of(Map.of("status", place.claim()))).contains(place);
    }

    @Test
    void what_is_no_list_of_ours_is_404_and_asks_the_store_once_in_a_while() {
        CountedStore counted = new CountedStore(memory);
        StatusListIssuer other = issuer(service(counted));
        StatusReference place = place(token("alice"));
        counted.calls();

        for (String name : List.of("", "x", "../" + place.uri(), "A".repeat(22), "A".repeat(21) + "B", "é")) {
            EndpointResponse answer =
                    other.answer(EndpointRequest.of("GET").pathId(name).build());
            assertThat(answer.status()).as(name).isEqualTo(404);
        }
        assertThat(other.answer(EndpointRequest.of("GET").build()).status()).isEqualTo(404);
        for (int i = 0; i < 1_000; i++) {
            String name = ListState.name(ListState.fresh().id());
            assertThat(other.answer(EndpointRequest.of("GET").pathId(name).build())
                            .status())
                    .isEqualTo(404);
        }

        assertThat(counted.calls()).isEqualTo(1);
        assertThat(other.answer(request(place.uri())).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "HEAD", "PUT", "DELETE", "OPTIONS", "get"})
    void another_method_is_405(String method) {
        EndpointResponse answer =
                issuer.answer(EndpointRequest.of(method).pathId("x").build());

        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.header("Allow")).contains("GET");
    }

    @Test
    void a_list_of_the_past_is_501() {
        StatusReference place = place(token("alice"));

        EndpointResponse answer = issuer.answer(EndpointRequest.of("GET")
                .pathId(place.uri().getPath().substring("/statuslists/".length()))
                .queryParameter("time", "1686925000")
                .build());

        assertThat(answer.status()).isEqualTo(501);
    }

    @Test
    void a_token_costs_one_write_and_two_calls_more_once_in_32_and_four_once_in_256() {
        CountedStore counted = new CountedStore(memory);
        StatusListIssuer other = issuer(service(counted));
        TokenFacts facts = facts();
        int[] costs = IntStream.range(0, 1_024)
                .map(i -> {
                    other.allocate(facts, clock.instant().plus(LIFE));
                    return counted.calls();
                })
                .toArray();

        assertThat(IntStream.of(costs).filter(cost -> cost == 1).count()).isEqualTo(1_024 - 2 * 32);
        assertThat(IntStream.of(costs).max()).hasValue(3);
        // The second token of a page learns the version under which the first one was written.
        assertThat(costs[0]).isEqualTo(3);
        assertThat(costs[1]).isEqualTo(2);
        assertThat(costs[32]).as("whether the block is still its own").isEqualTo(2);
        assertThat(costs[33]).isEqualTo(2);
        assertThat(costs[256]).isEqualTo(3);
    }

    @Test
    void a_list_that_was_asked_for_a_moment_ago_costs_no_call_and_a_new_one_reads_what_is_new() {
        CountedStore counted = new CountedStore(memory);
        StatusListIssuer other = issuer(service(counted));
        StatusReference place = place(token("alice"));
        assertThat(isInvalid(other, place)).isFalse();
        assertThat(counted.calls()).isEqualTo(2);

        String first = other.answer(request(place.uri())).bodyText();
        assertThat(other.answer(request(place.uri())).bodyText()).isEqualTo(first);
        clock.advance(Duration.ofSeconds(2));
        assertThat(other.answer(request(place.uri())).bodyText())
                .as("rendered anew")
                .isNotEqualTo(first);
        assertThat(counted.calls()).isZero();

        clock.advance(Duration.ofSeconds(4));
        other.answer(request(place.uri()));
        assertThat(counted.calls()).isEqualTo(2);
    }

    @Test
    void indices_of_tokens_that_were_issued_one_after_the_other_are_far_apart() {
        TokenFacts facts = facts();
        List<Long> indices = IntStream.range(0, 500)
                .mapToObj(
                        i -> issuer.allocate(facts, clock.instant().plus(LIFE)).index())
                .toList();

        assertThat(new HashSet<>(indices)).hasSize(500);
        long near = IntStream.range(1, 500)
                .filter(i -> Math.abs(indices.get(i) - indices.get(i - 1)) < 64)
                .count();
        assertThat(near).isLessThan(8);
    }

    @Test
    void a_full_list_opens_the_next_one_and_both_are_published() {
        TokenFacts facts = facts();
        BitSet given = new BitSet();
        Instant end = clock.instant().plus(LIFE);
        URI first = issuer.allocate(facts, end).uri();
        StatusReference next = allInParallel(facts, end, first, given);

        assertThat(given.cardinality()).isEqualTo((1 << 17) - 1);
        assertThat(next.uri()).isNotEqualTo(first);
        StatusListIssuer other = issuer(service(memory));
        assertThat(other.allocate(facts, end).uri()).isEqualTo(next.uri());
        revoke(tokens.subject("alice"));
        clock.advance(LATER);
        StatusList list = list(issuer.answer(request(first)));
        assertThat(IntStream.range(0, 1 << 17).map(list::get).sum()).isEqualTo(1 << 17);
        assertThat(isInvalid(next)).isTrue();
    }

    /** Until one is of another list, which is answered. */
    private StatusReference allInParallel(TokenFacts facts, Instant end, URI list, BitSet given) {
        List<StatusReference> others = new ArrayList<>();
        Thread[] threads = new Thread[8];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = new Thread(() -> {
                StatusReference place = issuer.allocate(facts, end);
                while (place.uri().equals(list)) {
                    synchronized (given) {
                        given.set((int) place.index());
                    }
                    place = issuer.allocate(facts, end);
                }
                synchronized (others) {
                    others.add(place);
                }
            });
            threads[i].start();
        }
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
        assertThat(others).hasSize(threads.length).doesNotHaveDuplicates();
        return others.get(0);
    }

    @Test
    void while_the_index_is_too_old_the_last_list_is_answered_until_it_expires_and_then_none() throws Exception {
        StatusReference place = place(token("alice"));
        Date before = claims(answer(place)).getIssueTime();
        store.fail("readAfter");

        clock.advance(Duration.ofSeconds(30));
        assertThat(claims(answer(place)).getIssueTime()).isEqualTo(before);
        clock.advance(Duration.ofSeconds(569));
        assertThat(claims(answer(place)).getIssueTime()).isEqualTo(before);
        assertThat(answer(place).header("Cache-Control")).contains("max-age=1");
        clock.advance(Duration.ofSeconds(1));

        assertThat(answer(place).status()).isEqualTo(503);
        assertThat(answer(place).header("Retry-After")).isPresent();
        store.recover();
        for (int i = 0; i < 1_000 && answer(place).status() != 200; i++) {
            // The replica's thread notices in real time that the store is back.
            LockSupport.parkNanos(10_000_000);
            clock.advance(Duration.ofSeconds(2));
        }
        assertThat(claims(answer(place)).getIssueTime()).isAfter(before);
    }

    @Test
    void a_list_that_was_never_rendered_is_503_while_the_index_is_too_old() {
        StatusReference place = place(token("alice"));
        store.fail("readAfter");
        clock.advance(LATER);

        assertThat(answer(place).status()).isEqualTo(503);
    }

    @Test
    void what_this_node_has_revoked_itself_is_in_the_next_list_although_the_store_has_not_answered() {
        StatusReference place = place(token("alice"));
        assertThat(isInvalid(place)).isFalse();
        store.loseAnswers("revoke");

        assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> revoke(tokens.subject("alice")));
        clock.advance(Duration.ofSeconds(2));

        assertThat(isInvalid(place)).isTrue();
    }

    @Test
    void without_the_records_no_place_is_given_and_none_is_lost_after_it() {
        List<StatusReference> places = new ArrayList<>();
        TokenFacts facts = facts();
        for (int i = 0; i < 100; i++) {
            if (i % 3 == 1) {
                store.loseAnswers("writeRecord");
            } else if (i % 3 == 2) {
                store.fail("writeRecord", "readRecord");
            }
            try {
                places.add(issuer.allocate(facts, clock.instant().plus(LIFE)));
            } catch (StoreUnavailableException e) {
                assertThat(i % 3).isNotZero();
            }
            store.recover();
        }

        assertThat(places).hasSize(34).doesNotHaveDuplicates();
        revoke(tokens.subject("alice"));
        clock.advance(LATER);
        assertThat(places).allMatch(this::isInvalid);
        StatusList list = list(answer(places.get(0)));
        assertThat(IntStream.range(0, 1 << 17).map(list::get).sum())
                .as("and those that were written without an answer")
                .isEqualTo(34 + 33);
    }

    @Test
    void an_index_that_was_invalid_stays_so_when_the_revocation_is_forgotten() {
        VerifiedToken token = token("alice");
        StatusReference place = place(token);
        service.revokeToken(token, BY_ADMIN);
        clock.advance(LATER);
        assertThat(isInvalid(place)).isTrue();

        for (int minutes = 0; minutes < 80; minutes += 10) {
            clock.advance(Duration.ofMinutes(10));
            service.purge(1_000);
            assertThat(isInvalid(place)).as("%s minutes", minutes).isTrue();
        }
    }

    @Test
    void no_index_ever_goes_back_whatever_happens() {
        Random random = new Random(5);
        List<StatusReference> places = new ArrayList<>();
        Set<StatusReference> invalid = new HashSet<>();
        StatusListIssuer other = issuer(service(memory));
        for (int step = 0; step < 300; step++) {
            switch (random.nextInt(8)) {
                case 0 -> tryToRevoke(tokens.subject("person-" + random.nextInt(20)));
                case 1 -> clock.advance(Duration.ofSeconds(random.nextInt(90)));
                case 2 -> store.fail();
                case 3 -> store.recover();
                case 4 -> services.get(1).revokeAllSessions(tokens.subject("person-" + random.nextInt(20)), BY_ADMIN);
                default -> places.addAll(given(random));
            }
            for (StatusReference place : places) {
                EndpointResponse answer = answer(place);
                if (answer.status() == 200 && list(answer).get(place.index()) == 1) {
                    invalid.add(place);
                } else {
                    assertThat(invalid).doesNotContain(place);
                }
                if (step % 50 != 0) {
                    break;
                }
            }
        }
        store.recover();
        clock.advance(LATER);
        assertThat(invalid).isNotEmpty().allMatch(this::isInvalid);
        assertThat(places.stream().filter(this::isInvalid).toList())
                .hasSizeLessThan(places.size())
                .allMatch(place -> isInvalid(other, place));
    }

    private void tryToRevoke(SubjectId subject) {
        try {
            revoke(subject);
        } catch (StoreUnavailableException e) {
            // This node refuses it all the same, and goes on recording it.
        }
    }

    private List<StatusReference> given(Random random) {
        try {
            return List.of(place(token("person-" + random.nextInt(20))));
        } catch (StoreUnavailableException e) {
            return List.of();
        }
    }

    /** The facts say when the token was issued; a clock that is ahead is subtracted as the verifier does. */
    @Test
    void a_place_says_what_the_checker_says_whichever_clock_the_token_was_issued_by() {
        List<VerifiedToken> issued = IntStream.rangeClosed(-20, 9)
                .mapToObj(seconds -> {
                    long iat = clock.instant().getEpochSecond() + seconds;
                    return tokens.draft("alice")
                            .with("iat", iat)
                            .with("auth_time", iat)
                            .with("exp", iat + 600)
                            .verified();
                })
                .toList();
        List<StatusReference> places = issued.stream().map(this::place).toList();
        service.revokeIssuedBefore(tokens.subject("alice"), clock.instant().minusSeconds(5), BY_ADMIN);
        clock.advance(LATER);

        List<Boolean> verdicts = issued.stream()
                .map(token -> !service.checker().check(token).permits())
                .toList();
        assertThat(verdicts).contains(true, false);
        assertThat(places.stream().map(this::isInvalid)).containsExactlyElementsOf(verdicts);
    }

    @Test
    void a_page_that_cannot_be_read_leaves_the_whole_list_unpublished() {
        KeyRing next = KeyRing.builder()
                .current("next", TestKeys.key(7))
                .readable("lists", TestKeys.key(1))
                .build();
        KeyRing both = KeyRing.builder()
                .current("lists", TestKeys.key(1))
                .readable("next", TestKeys.key(7))
                .build();
        StatusReference place =
                issuer(service(memory, next)).allocate(facts(), clock.instant().plus(LIFE));
        // Writes the directory with a key that this node has, and leaves the page of the other one.
        StatusListIssuer readsAll = issuer(service(memory, both));
        readsAll.allocate(facts(), clock.instant().plus(LIFE));

        assertThat(isInvalid(readsAll, place)).isFalse();
        assertThat(answer(place).status()).isEqualTo(503);
    }

    @Test
    void a_list_is_published_for_as_long_as_its_last_token_is_good_and_then_forgotten() {
        StatusReference first = place(token("alice"));
        for (int minutes = 0; minutes < 600; minutes += 5) {
            clock.advance(Duration.ofMinutes(5));
            StatusReference next = place(token("alice"));
            assertThat(next.uri()).isEqualTo(first.uri());
            assertThat(answer(next).status()).isEqualTo(200);
        }
        StatusReference last = place(token("bob"));
        StatusListIssuer started = issuer(service(memory));
        clock.advance(LIFE);
        assertThat(answer(last).status()).isEqualTo(200);
        assertThat(isInvalid(started, last)).isFalse();

        clock.advance(Duration.ofHours(2));
        service.purge(10_000);
        assertThat(answer(last).status()).isEqualTo(404);
        StatusReference next = place(token("alice"));
        assertThat(isInvalid(next)).isFalse();
        assertThat(Stream.of(first, last)).doesNotContain(next);
    }

    @Test
    void a_block_that_nobody_writes_for_an_hour_is_closed_and_its_node_takes_another_one() {
        CountedStore counted = new CountedStore(memory);
        StatusListIssuer reader = issuer(service(counted));
        SessionService idleService = service(memory);
        StatusListIssuer idle = issuer(idleService);
        StatusListIssuer busy = issuer(service(memory));
        TokenFacts facts = facts();
        StatusReference first = idle.allocate(facts, clock.instant().plus(LIFE));
        for (int minutes = 0; minutes < 70; minutes++) {
            clock.advance(Duration.ofMinutes(1));
            busy.allocate(facts, clock.instant().plus(LIFE));
            reader.answer(request(first.uri()));
        }
        counted.calls();
        clock.advance(LATER);
        reader.answer(request(first.uri()));
        assertThat(counted.calls()).as("the directory, and one block").isEqualTo(2);

        StatusReference again = idle.allocate(facts, clock.instant().plus(LIFE));
        revoke(tokens.subject("alice"));
        clock.advance(LATER);
        assertThat(isInvalid(reader, again)).isTrue();
        assertThat(again.uri()).isEqualTo(first.uri());
        assertThat(again.index()).isNotEqualTo(first.index());
        assertThat(isInvalid(issuer(service(memory)), again)).isTrue();
    }

    /** The records of its page are gone, but not the list, which others have filled meanwhile. */
    @Test
    void a_node_that_was_idle_until_its_page_was_forgotten_gives_no_place_again() {
        StatusListIssuer idle = issuer(service(memory));
        StatusListIssuer busy = issuer(service(memory));
        Set<StatusReference> given = new HashSet<>();
        for (int i = 0; i < 5; i++) {
            given.add(idle.allocate(facts(), clock.instant().plus(LIFE)));
        }
        store.loseAnswers("writeRecord");
        assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> place(token("alice")));
        store.recover();
        for (int minutes = 0; minutes < 200; minutes += 5) {
            clock.advance(Duration.ofMinutes(5));
            given.add(busy.allocate(facts(), clock.instant().plus(LIFE)));
            services.get(0).purge(1_000);
        }
        StatusListIssuer reader = issuer(service(memory));
        List<StatusReference> places = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            places.add(idle.allocate(facts(), clock.instant().plus(LIFE)));
            places.add(place(token("alice")));
        }

        assertThat(places).doesNotHaveDuplicates().doesNotContainAnyElementsOf(given);
        revoke(tokens.subject("alice"));
        clock.advance(LATER);
        assertThat(places).allMatch(place -> isInvalid(reader, place));
    }

    /** Its first pages are forgotten while it is still being filled. */
    @Test
    void a_block_that_takes_a_day_to_fill_is_read_to_its_end_by_a_node_that_starts_meanwhile() {
        List<StatusReference> last = new ArrayList<>();
        StatusListIssuer reader = null;
        for (int i = 0; i < 250; i++) {
            clock.advance(Duration.ofMinutes(5));
            service.purge(1_000);
            StatusReference place = place(token("alice"));
            if (i == 100) {
                reader = issuer(service(memory));
            }
            if (i >= 100) {
                assertThat(isInvalid(reader, place)).isFalse();
            }
            if (i >= 248) {
                last.add(place);
            }
        }
        revoke(tokens.subject("alice"));
        clock.advance(LATER);

        StatusListIssuer atLast = reader;
        assertThat(last).allMatch(place -> isInvalid(atLast, place));
    }

    @Test
    void a_clock_that_was_ahead_for_a_while_makes_nobody_forget_a_token() {
        StatusReference place = place(token("alice"));
        assertThat(isInvalid(place)).isFalse();
        Instant before = clock.instant();
        clock.set(before.plus(Duration.ofMinutes(40)));
        answer(place);
        clock.set(before);

        revoke(tokens.subject("alice"));
        for (int i = 0; i < 3; i++) {
            clock.advance(LATER);
            service.replica().orElseThrow().catchUp(Duration.ofSeconds(30));
        }
        assertThat(isInvalid(place)).isTrue();
    }

    @Test
    void while_the_clocks_of_node_and_store_differ_the_last_list_is_answered_until_it_expires() throws Exception {
        WatchedStore watched = new WatchedStore(memory);
        SessionService other = service(watched);
        StatusListIssuer node = issuer(other);
        StatusReference place = place(token("alice"));
        Date before = claims(node.answer(request(place.uri()))).getIssueTime();

        clocksDiffer(watched, other, Duration.ofMinutes(-6));
        assertThat(claims(node.answer(request(place.uri()))).getIssueTime()).isEqualTo(before);
        clock.advance(Duration.ofMinutes(10));
        clocksDiffer(watched, other, Duration.ofMinutes(6));
        assertThat(node.answer(request(place.uri())).status()).isEqualTo(503);

        clocksDiffer(watched, other, Duration.ofMinutes(4));
        assertThat(claims(node.answer(request(place.uri()))).getIssueTime()).isAfter(before);
    }

    private void clocksDiffer(WatchedStore watched, SessionService of, Duration ahead) {
        watched.changeReads(read -> read instanceof FeedRead.Page page
                ? new FeedRead.Page(
                        page.entries(),
                        page.next(),
                        page.isCaughtUp(),
                        page.undecodable(),
                        new StoreTimes(
                                page.times().horizon(), page.times().clock().minus(ahead)))
                : read);
        clock.advance(LATER);
        of.replica().orElseThrow().catchUp(Duration.ofSeconds(30));
        assertThat(of.replica().orElseThrow().clockTrouble()).contains(ahead);
    }

    @Test
    void while_one_caller_waits_for_the_store_the_others_get_the_last_list() throws Exception {
        StatusReference place = place(token("alice"));
        String before = answer(place).bodyText();
        clock.advance(LATER);
        HangingCalls calls = store.hang("readRecord");
        Thread waiting = new Thread(() -> answer(place));
        waiting.start();
        calls.awaitCall();

        assertThat(answer(place).bodyText()).isEqualTo(before);
        assertThat(waiting.isAlive()).isTrue();
        calls.release();
        waiting.join();
        clock.advance(Duration.ofSeconds(2));
        assertThat(answer(place).bodyText()).isNotEqualTo(before);
    }

    @Test
    void a_directory_that_cannot_be_read_any_more_leaves_the_last_list_until_it_expires() {
        StatusReference place = place(token("alice"));
        assertThat(isInvalid(place)).isFalse();
        issuer(service(
                        memory,
                        KeyRing.builder()
                                .current("next", TestKeys.key(7))
                                .readable("lists", TestKeys.key(1))
                                .build()))
                .allocate(facts(), clock.instant().plus(LIFE));
        clock.advance(LATER);

        assertThat(answer(place).status()).isEqualTo(200);
        clock.advance(Duration.ofMinutes(10));
        assertThat(answer(place).status()).isEqualTo(503);
    }

    /** As after a failover to a replica that had not heard of them. */
    @Test
    void what_a_store_has_lost_of_a_page_comes_back_with_the_next_token_and_no_place_is_given_again() {
        List<StatusReference> places = new ArrayList<>(List.of(place(token("alice")), place(token("alice"))));
        RecordKey page = new RecordKey(
                LookupKey.of(
                        "status-list",
                        ListState.idOf(request(places.get(0).uri()).pathId().orElseThrow())
                                .orElseThrow()
                                .toString()),
                new LookupKey(0, 0));
        SharedRecords records = memory.ability(SharedRecords.class).orElseThrow();
        SharedRecord old = records.read(page, clock.instant()).orElseThrow();
        places.add(place(token("alice")));
        places.add(place(token("alice")));
        StatusListIssuer knew = issuer(service(memory));
        assertThat(places).noneMatch(place -> isInvalid(knew, place));
        SharedRecord lost = records.read(page, clock.instant()).orElseThrow();
        assertThat(records.remove(page, lost.version(), clock.instant())).isTrue();
        assertThat(records.write(page, 0, old.value(), old.forgetAfter(), clock.instant()))
                .isTrue();

        places.add(place(token("alice")));

        assertThat(places).hasSize(5).doesNotHaveDuplicates();
        revoke(tokens.subject("alice"));
        clock.advance(LATER);
        StatusListIssuer started = issuer(service(memory));
        assertThat(places).allMatch(place -> isInvalid(knew, place)).allMatch(place -> isInvalid(started, place));
    }

    @Test
    void where_two_tokens_stood_in_one_place_the_revocation_of_either_counts() {
        ListState list = ListState.fresh().withBlock().kept(clock.instant().plus(Duration.ofHours(2)));
        ListRecords records =
                new ListRecords(memory.ability(SharedRecords.class).orElseThrow(), BASE);
        ListEntries entries = new ListEntries(list, clock.ticker());
        Instant end = clock.instant().plus(LIFE);
        EntryPage.Entry first = new EntryPage.Entry(token("alice").facts(), end);
        EntryPage.Entry second = new EntryPage.Entry(token("bob").facts(), end);
        Instant now = clock.instant();
        assertThat(records.write(list, 0, 0, EntryPage.EMPTY.with(List.of(first)), now))
                .isTrue();
        entries.refresh(list, records, now);
        long version = records.page(list, 0, now).version();
        assertThat(records.write(list, 0, version, EntryPage.EMPTY.with(List.of(second)), now))
                .isTrue();
        entries.refresh(list, records, now);

        entries.judge(now, facts -> false);
        int index = new IndexPermutation(list.seed()).index(0);
        assertThat(entries.statuses().get(index)).isZero();
        entries.judge(now, facts -> facts.subjectKey().equals(second.facts().subjectKey()));
        assertThat(entries.statuses().get(index)).isEqualTo(1);
    }

    @Test
    void a_node_whose_page_cannot_be_read_takes_another_block() {
        StatusReference first = place(token("alice"));
        RecordKey page = new RecordKey(
                LookupKey.of(
                        "status-list",
                        ListState.idOf(request(first.uri()).pathId().orElseThrow())
                                .orElseThrow()
                                .toString()),
                new LookupKey(0, 0));
        SharedRecords records = memory.ability(SharedRecords.class).orElseThrow();
        SharedRecord standing = records.read(page, clock.instant()).orElseThrow();
        assertThat(records.write(page, standing.version(), new byte[] {9}, standing.forgetAfter(), clock.instant()))
                .isTrue();

        StatusReference next = place(token("alice"));

        assertThat(next).isNotEqualTo(first);
        assertThat(answer(next).status()).as("nobody can say what stood there").isEqualTo(503);
    }

    @Test
    void lists_of_another_address_are_others() {
        StatusReference place = place(token("alice"));
        StatusListIssuer elsewhere = StatusListIssuer.of(
                        service, "https://issuer.example", KEY, URI.create("https://issuer.example/other/"))
                .build();

        assertThat(elsewhere.answer(request(place.uri())).status()).isEqualTo(404);
        assertThat(elsewhere.allocate(facts(), clock.instant().plus(LIFE)).uri().toString())
                .startsWith("https://issuer.example/other/");
    }

    @Test
    void a_token_that_is_over_or_outlives_what_is_remembered_gets_no_place() {
        TokenFacts facts = facts();
        Duration longest = LIFE.plus(TestTokens.SKEW);

        assertThat(issuer.allocate(facts, clock.instant().plus(longest))).isNotNull();
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        issuer.allocate(facts, clock.instant().plus(longest).plusMillis(1)))
                .withMessageContaining("maxTokenLifetime");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> issuer.allocate(facts, clock.instant()))
                .withMessageContaining("expiresAt");
    }

    @Test
    void settings_that_cannot_be_are_refused_by_name() {
        for (String base : List.of(
                "http://issuer.example/lists",
                "https://issuer.example",
                "https:/lists",
                "https://issuer.example/lists?a=b",
                "https://issuer.example/lists#a",
                "https://me@issuer.example/lists",
                "https://issuer.example/a/%2e%2e/lists",
                "https://issuer.example/a/../lists",
                "/lists")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> StatusListIssuer.of(service, "https://issuer.example", KEY, URI.create(base)))
                    .withMessageContaining("base")
                    .withMessageContaining(base);
        }
        StatusListIssuer.Builder builder = StatusListIssuer.of(service, "https://issuer.example", KEY, BASE);
        for (Duration wrong : List.of(
                Duration.ZERO, Duration.ofSeconds(59), Duration.ofDays(1).plusSeconds(1), Duration.ofMillis(61_500))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> builder.ttl(wrong))
                    .withMessageContaining("ttl");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> builder.validFor(wrong))
                    .withMessageContaining("validFor");
        }
        builder.ttl(Duration.ofMinutes(20));
        assertThatIllegalStateException().isThrownBy(builder::build).withMessageContaining("validFor");
        SessionService without = started(SessionService.builder()
                .store(InMemorySessionStore.create())
                .lifetimes(SessionLifetimes.aal1())
                .withoutAccessTokens()
                .clock(clock, clock.ticker())
                .withoutAuditLog()
                .eventExecutor(Runnable::run));
        assertThatIllegalStateException()
                .isThrownBy(() -> issuer(without))
                .withMessageContaining("withoutAccessTokens()");
        SessionService authoritative =
                started(builder(InMemorySessionStore.create()).authoritativeChecks());
        assertThatIllegalStateException()
                .isThrownBy(() -> issuer(authoritative))
                .withMessageContaining("authoritativeChecks()");
    }

    @Test
    void ttl_and_validity_are_those_that_were_set() throws Exception {
        StatusListIssuer slow = StatusListIssuer.of(service, "https://issuer.example", KEY, BASE)
                .ttl(Duration.ofHours(1))
                .validFor(Duration.ofHours(2))
                .build();
        StatusReference place = place(token("alice"));

        EndpointResponse answer = slow.answer(request(place.uri()));

        assertThat(answer.header("Cache-Control")).contains("max-age=3600");
        assertThat(claims(answer).getLongClaim("ttl")).isEqualTo(3600);
        assertThat(claims(answer).getExpirationTime()).isEqualTo(Date.from(Given.NOW.plusSeconds(7200)));
    }

    @Test
    void places_and_answers_are_counted() {
        StatusReference place = place(token("alice"));
        answer(place);
        issuer.answer(EndpointRequest.of("GET").pathId("x").build());
        store.fail();
        clock.advance(Duration.ofMinutes(11));
        answer(place);
        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> issuer.allocate(facts(), clock.instant().plus(LIFE)));

        assertThat(issuer.meters().stream()
                        .map(Meter.Counter.class::cast)
                        .map(meter -> meter.name() + " " + meter.tags().get("result") + " "
                                + meter.count().getAsLong()))
                .containsExactly(
                        "curfew.statuslist.places given 1",
                        "curfew.statuslist.places failed 1",
                        "curfew.statuslist.answers published 1",
                        "curfew.statuslist.answers unavailable 1",
                        "curfew.statuslist.answers refused 1");
    }
}
