package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.RevocationCause;
import dev.curfew.SessionService;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationSet;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.RevocationTarget.Kind;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Session;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.store.StoreSettings;
import dev.curfew.token.VerifiedToken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whoever makes and revokes tokens without end leaves a bounded number of entries, in any store. DOS-02. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("FairShares")
abstract class FairShareContract extends StoreContract {
    private static final RevocationCause CAUSE = RevocationCause.byUser(RevocationReason.USER_LOGOUT);

    private final TestTokens tokens = TestTokens.ours(Given.REALM, clock);

    FairShareContract(Supplier<? extends StoreFixture> fixtures) {
        super(fixtures);
    }

    private SessionService service(int ofSession, int ofSubject) {
        return SessionService.builder()
                .store(store())
                .lifetimes(SessionLifetimes.aal2())
                .tokenPolicies(tokens.policy())
                .encryption(TestKeys.ring("test"))
                .revocationsAtMost(ofSession, ofSubject)
                .authoritativeChecks()
                .withoutAuditLog()
                .eventExecutor(Runnable::run)
                .clock(clock, clock.ticker())
                .build();
    }

    private Collection<Revocation> feed() {
        return FeedReader.fromBeginning(store().feed()).revocations();
    }

    private static long count(Collection<Revocation> entries, Kind kind) {
        return entries.stream().filter(entry -> entry.target().kind() == kind).count();
    }

    /** By the feed alone, as a node that starts now would judge. */
    private void assertAllAreRefused(Collection<Revocation> feed, List<TokenFacts> minted) {
        RevocationSet node = new RevocationSet();
        feed.forEach(node::add);
        assertThat(minted).allMatch(facts -> node.coversAny(facts, now()));
    }

    @Test
    void many_tokens_that_are_minted_and_logged_out_leave_no_more_than_a_share() {
        List<TokenFacts> minted = new ArrayList<>();
        try (SessionService service = service(50, 100)) {
            for (int i = 0; i < 500; i++) {
                clock.advance(Duration.ofMillis(100));
                VerifiedToken token = tokens.draft("mallory").verified();
                service.logout(token);
                minted.add(token.facts());
            }
        }
        Collection<Revocation> feed = feed();

        // A cut-off that means "now" covers what is issued up to nodeSkew and the tokens' own skew later: one in about
        // 12 seconds.
        assertThat(count(feed, Kind.TOKEN)).isEqualTo(100);
        assertThat(count(feed, Kind.SUBJECT)).isBetween(1L, 40L / 12 + 1);
        assertThat(feed)
                .allMatch(entry ->
                        entry.target().kind() == Kind.TOKEN || entry.target().kind() == Kind.SUBJECT);
        assertAllAreRefused(feed, minted);
    }

    @Test
    void sessions_that_are_begun_to_revoke_their_tokens_leave_one_cut_off_beyond_the_share() {
        List<TokenFacts> minted = new ArrayList<>();
        try (SessionService service = service(10, 40)) {
            Session session = login(service);
            for (int i = 0; i < 200; i++) {
                clock.advance(Duration.ofMillis(100));
                if (!isLive(service, session)) {
                    session = login(service);
                }
                VerifiedToken token = tokens.of(session);
                service.revokeToken(token, CAUSE);
                minted.add(token.facts());
            }
            Collection<Revocation> feed = feed();
            assertThat(count(feed, Kind.TOKEN)).isBetween(31L, 40L);
            assertThat(count(feed, Kind.TOKEN) + count(feed, Kind.SESSION)).isEqualTo(40);
            assertThat(targets(feed)).hasSize(41);
            assertAllAreRefused(feed, minted);
            assertThat(isLive(service, loginOf("alice", service))).isTrue();

            caughtUpReader();
            clock.advance(StoreSettings.PURGE_DELAY.plusMinutes(1));
            purge(service);
            assertThat(count(feed(), Kind.SUBJECT))
                    .as("raises of an hour ago are gone")
                    .isEqualTo(1);
        }
    }

    private static void purge(SessionService service) {
        while (service.purge(1_000).hasMore()) {
            // On to the next batch.
        }
    }

    private static List<RevocationTarget> targets(Collection<Revocation> feed) {
        return feed.stream().map(Revocation::target).distinct().toList();
    }

    private boolean isLive(SessionService service, Session session) {
        return service.findSession(session.ref())
                .filter(found -> found.isLive(now()))
                .isPresent();
    }

    private Session login(SessionService service) {
        return loginOf("mallory", service);
    }

    private Session loginOf(String subject, SessionService service) {
        return service.beginLogin(tokens.subject(subject))
                .complete(DeviceInfo.unknown())
                .orElseThrow();
    }
}
