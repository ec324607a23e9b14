package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.LookupKey;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import dev.curfew.store.FoundSession;
import dev.curfew.store.InsertResult;
import dev.curfew.store.ListQuery;
import dev.curfew.store.NewSession;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RevokeResult;
import dev.curfew.store.SessionCursor;
import dev.curfew.store.SessionPage;
import dev.curfew.store.SessionStore;
import dev.curfew.store.StoredSession;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** What every topic of the contract shares: a store that was opened an hour ago, a clock, and short verbs. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class StoreContract {
    final ManualClock clock = ManualClock.at(Given.NOW);
    final SubjectId alice = Given.subject("alice");
    final SubjectId bob = Given.subject("bob");

    private final Supplier<? extends StoreFixture> fixtures;
    private StoreFixture fixture;
    private SessionStore store;

    StoreContract(Supplier<? extends StoreFixture> fixtures) {
        this.fixtures = fixtures;
    }

    @BeforeEach
    void openStore() {
        fixture = fixtures.get();
        store = opened(fixture.freshStore());
    }

    @AfterEach
    void closeFixture() {
        fixture.close();
    }

    final SessionStore store() {
        return store;
    }

    final StoreFixture fixture() {
        return fixture;
    }

    final void needs(StoreCapability capability) {
        assumeTrue(fixture.capabilities().contains(capability), () -> "not a store with " + capability);
    }

    final void use(SessionStore other) {
        store = other;
    }

    static SessionStore opened(SessionStore fresh) {
        fresh.open(Given.SETTINGS, Given.BIRTH);
        return fresh;
    }

    final Instant now() {
        return clock.instant();
    }

    /** When a session begins behind a cut-off by a node whose clock is ahead of this one's. */
    final Instant pushedAhead() {
        return now().plus(Given.SETTINGS.nodeSkew().multipliedBy(2)).plusMillis(1);
    }

    /** A session that begins now. */
    final GivenSession.Builder session(SubjectId subject) {
        return Given.session(subject).began(now());
    }

    final GivenSession loggedIn(SubjectId subject) {
        return insert(session(subject).build());
    }

    final GivenSession insert(GivenSession session) {
        assertThat(insert(session, SessionLimit.unlimited())).isEqualTo(new InsertResult.Inserted(List.of()));
        return session;
    }

    final InsertResult insert(GivenSession session, SessionLimit limit) {
        return store.insert(session.row(), limit, now());
    }

    /** A login in the place of another session. */
    final InsertResult insert(GivenSession session, SessionLimit limit, SessionRef replaced) {
        return store.insert(new NewSession(session.row(), limit, Optional.of(replaced)), now());
    }

    final RevokeResult.Recorded revoke(RevocationTarget target) {
        return revoke(Given.act(target).build());
    }

    final RevokeResult.Recorded revoke(RevocationRequest request) {
        return recorded(revoke(request, Precondition.none()));
    }

    final RevokeResult revoke(RevocationRequest request, Precondition precondition) {
        return store.revoke(request, precondition, now());
    }

    static RevokeResult.Recorded recorded(RevokeResult result) {
        assertThat(result).isInstanceOf(RevokeResult.Recorded.class);
        return (RevokeResult.Recorded) result;
    }

    final Optional<FoundSession> find(GivenSession session) {
        return store.find(session.ref(), now());
    }

    /** The row that stands there, live or not. */
    final StoredSession standing(GivenSession session) {
        return find(session).orElseThrow().session();
    }

    final boolean isLive(GivenSession session) {
        return find(session).filter(found -> found.isLive(now())).isPresent();
    }

    final List<Revocation> covering(TokenFacts facts) {
        return store.revocationsCovering(facts, now());
    }

    final boolean isCovered(TokenFacts facts) {
        return !covering(facts).isEmpty();
    }

    /** The keys of all live sessions of a subject, in the order of the list. */
    final List<LookupKey> live(SubjectId subject) {
        return keysOf(pages(subject, ListQuery.live(ListQuery.MAX_LIMIT)));
    }

    final List<FoundSession> pages(SubjectId subject, ListQuery query) {
        List<FoundSession> all = new ArrayList<>();
        SessionPage page = page(subject, query);
        all.addAll(page.sessions());
        while (page.next().isPresent()) {
            SessionCursor place = page.next().get();
            page = page(subject, query.after(place));
            assertThat(page.next().filter(next -> next.compareTo(place) <= 0))
                    .as("a page that leads nowhere")
                    .isEmpty();
            all.addAll(page.sessions());
        }
        return all;
    }

    final SessionPage page(SubjectId subject, ListQuery query) {
        SessionPage page = store.list(subject, query, now());
        assertThat(page.sessions().size()).isLessThanOrEqualTo(query.limit());
        return page;
    }

    static List<LookupKey> keysOf(List<FoundSession> found) {
        return found.stream().map(one -> one.session().key()).toList();
    }

    static LookupKey[] keys(GivenSession... sessions) {
        return Stream.of(sessions).map(session -> session.row().key()).toArray(LookupKey[]::new);
    }

    /** A reader that has read all that stands there. */
    final FeedReader caughtUpReader() {
        return FeedReader.following(store.feed()).settled(now());
    }
}
