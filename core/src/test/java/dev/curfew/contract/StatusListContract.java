package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.RevocationCause;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.SubjectId;
import dev.curfew.status.StatusList;
import dev.curfew.status.StatusReference;
import dev.curfew.store.SessionStore;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.testkit.TestStore;
import dev.curfew.token.VerifiedToken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Status lists that several nodes fill and publish. */
@Tag("PublishingStatuses")
abstract class StatusListContract extends StoreContract {
    private static final Duration LATER = Duration.ofSeconds(6);
    private static final RevocationCause BY_ADMIN = RevocationCause.byAdmin(RevocationReason.REVOKED_BY_ADMIN, "root");

    private final TestTokens tokens = TestTokens.ours(Given.REALM, clock);
    private final Threads threads = new Threads();
    private final List<GivenLists> nodes = new ArrayList<>();
    private int numbers;

    StatusListContract(Supplier<? extends StoreFixture> fixtures) {
        super(fixtures);
    }

    @BeforeEach
    void needsTheAbility() {
        needs(StoreCapability.SHARED_RECORDS);
    }

    @AfterEach
    void close() {
        threads.close();
        nodes.forEach(GivenLists::close);
    }

    @Test
    void no_place_is_given_twice_by_many_threads_of_two_nodes() {
        List<GivenLists> both = twoNodes(() -> ForgetfulStore.ANSWERED);

        List<StatusReference> places = atOnce(both, 6, 70);

        assertThat(places).hasSize(840).doesNotHaveDuplicates();
        assertThat(places).allMatch(place -> place.index() < 1 << 17);
        assertThat(places.stream().map(StatusReference::uri).distinct()).hasSize(1);
    }

    @Test
    void no_place_is_given_twice_and_each_is_published_where_answers_are_lost_in_the_middle() {
        Random random = new Random(11);
        List<GivenLists> both = twoNodes(() -> {
            synchronized (random) {
                return Math.max(0, 3 - 1 - random.nextInt(12));
            }
        });
        SubjectId subject = next();

        List<StatusReference> places = atOnce(both, 4, 60, subject);

        assertThat(places).hasSizeBetween(100, 479).doesNotHaveDuplicates();
        GivenLists reader = node(store());
        assertThat(places).noneMatch(reader::isInvalid);
        reader.service().revokeAllSessions(subject, BY_ADMIN);
        clock.advance(LATER);
        assertThat(places).allMatch(reader::isInvalid);
        StatusList list = reader.published(places.get(0).uri());
        assertThat(IntStream.range(0, (int) list.size()).map(list::get).sum())
                .as("with those that were written and not answered")
                .isGreaterThan(places.size());
    }

    /** Whatever the rule covers, and no more. */
    @Test
    void a_place_is_invalid_on_each_node_once_its_token_is_revoked_in_whatever_way() {
        List<GivenLists> both = twoNodes(() -> ForgetfulStore.ANSWERED);
        GivenLists here = both.get(0);
        GivenLists there = both.get(1);
        Map<String, Consumer<VerifiedToken>> ways = new LinkedHashMap<>();
        ways.put("logout", token -> here.service().logout(token));
        ways.put("token", token -> here.service().revokeToken(token, BY_ADMIN));
        ways.put(
                "subject",
                token -> here.service().revokeAllSessions(token.subject().orElseThrow(), BY_ADMIN));
        ways.put(
                "cut-off",
                token -> here.service().revokeIssuedBefore(token.subject().orElseThrow(), now(), BY_ADMIN));
        ways.put("client", token -> here.service().revokeClient(token.client().orElseThrow(), BY_ADMIN));
        ways.put("none", token -> {});
        Map<String, VerifiedToken> issued = new LinkedHashMap<>();
        Map<String, StatusReference> places = new LinkedHashMap<>();
        for (String way : ways.keySet()) {
            VerifiedToken token = token(next(), "client of " + way);
            issued.put(way, token);
            places.put(way, (places.size() % 2 == 0 ? here : there).place(token.facts()));
        }
        VerifiedToken sibling =
                tokens.draft("sibling").with("client_id", "another").verified();
        StatusReference ofSibling = there.place(sibling.facts());
        assertThat(places.values()).noneMatch(here::isInvalid).noneMatch(there::isInvalid);

        ways.forEach((way, act) -> act.accept(issued.get(way)));
        clock.advance(LATER);
        there.catchUp();

        places.forEach((way, place) -> {
            boolean isRevoked = !way.equals("none");
            assertThat(here.isInvalid(place)).as(way).isEqualTo(isRevoked);
            assertThat(there.isInvalid(place)).as(way).isEqualTo(isRevoked);
            assertThat(there.service().checker().check(issued.get(way)).permits())
                    .as(way)
                    .isEqualTo(!isRevoked);
        });
        assertThat(there.isInvalid(ofSibling)).isFalse();

        here.service().revokeRealm(Given.REALM, BY_ADMIN);
        clock.advance(LATER);
        assertThat(there.isInvalid(ofSibling)).isTrue();
        assertThat(there.isInvalid(places.get("none"))).isTrue();
    }

    @Test
    void what_a_signing_key_verified_is_invalid_once_the_key_is_revoked() {
        GivenLists node = node(store());
        StatusReference place = node.place(token(next(), "web").facts());

        node.service().revokeKey(TestTokens.thumbprint(), BY_ADMIN);
        clock.advance(LATER);

        assertThat(node.isInvalid(place)).isTrue();
    }

    @Test
    void a_node_that_knows_nothing_reads_what_all_others_have_issued_and_gives_places_of_its_own() {
        List<GivenLists> both = twoNodes(() -> ForgetfulStore.ANSWERED);
        SubjectId subject = next();
        List<StatusReference> places = atOnce(both, 3, 50, subject);
        both.get(0).service().revokeAllSessions(subject, BY_ADMIN);
        both.forEach(GivenLists::close);

        SessionStore next = fixture().capabilities().contains(StoreCapability.SURVIVES_RESTART)
                ? opened(fixture().restarted())
                : store();
        GivenLists started = node(next);
        List<StatusReference> more = atOnce(List.of(started), 3, 50);

        assertThat(places).allMatch(started::isInvalid);
        assertThat(more)
                .doesNotHaveDuplicates()
                .doesNotContainAnyElementsOf(places)
                .noneMatch(started::isInvalid);
    }

    @Test
    void without_the_store_no_place_is_given_and_the_last_list_is_published_until_it_expires() {
        TestStore failing = TestStore.over(store(), clock);
        GivenLists node = node(failing);
        VerifiedToken token = token(next(), "web");
        StatusReference place = node.place(token.facts());
        node.service().logout(token);
        clock.advance(LATER);
        assertThat(node.isInvalid(place)).isTrue();

        failing.fail();
        assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> node.place(token.facts()));
        clock.advance(Duration.ofMinutes(5));
        assertThat(node.isInvalid(place)).isTrue();
        clock.advance(Duration.ofMinutes(5));
        assertThat(node.answer(place.uri()).status()).isEqualTo(503);
        assertThat(node.answer(place.uri()).header("Retry-After")).isPresent();

        failing.recover();
        clock.advance(LATER);
        assertThat(node.isInvalid(place)).isTrue();
    }

    private SubjectId next() {
        return Given.subject("holder-" + numbers++);
    }

    private VerifiedToken token(SubjectId subject, String client) {
        GivenSession session = insert(session(subject).build());
        return tokens.draft(subject.value())
                .with("sid", session.handle().value())
                .with("client_id", client)
                .verified();
    }

    private List<StatusReference> atOnce(List<GivenLists> issuing, int threadsOfEach, int tokensOfEach) {
        return atOnce(issuing, threadsOfEach, tokensOfEach, next());
    }

    /** The places of those that got one. */
    private List<StatusReference> atOnce(
            List<GivenLists> issuing, int threadsOfEach, int tokensOfEach, SubjectId subject) {
        TokenFacts facts =
                TokenFacts.in(Given.REALM).subject(subject).issuedAt(now()).build();
        return threads
                .atOnce(threadsOfEach * issuing.size(), number -> {
                    List<StatusReference> places = new ArrayList<>();
                    for (int i = 0; i < tokensOfEach; i++) {
                        try {
                            places.add(issuing.get(number % issuing.size()).place(facts));
                        } catch (StoreUnavailableException e) {
                            // Nobody knows whether it has one: the token is not issued.
                        }
                    }
                    return places;
                })
                .stream()
                .flatMap(List::stream)
                .toList();
    }

    private List<GivenLists> twoNodes(IntSupplier fate) {
        SessionStore second = fixture().capabilities().contains(StoreCapability.SEVERAL_NODES)
                ? opened(fixture().secondNode())
                : store();
        return List.of(node(new ForgetfulStore(store(), fate)), node(new ForgetfulStore(second, fate)));
    }

    private GivenLists node(SessionStore store) {
        GivenLists node = GivenLists.of(store, tokens, clock);
        nodes.add(node);
        return node;
    }
}
