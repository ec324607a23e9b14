package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.curfew.check.WatchedStore;
import dev.curfew.contract.ManualClock;
import dev.curfew.contract.TestKeys;
import dev.curfew.contract.TestTokens;
import dev.curfew.crypto.KeyRing;
import dev.curfew.crypto.SecretToken;
import dev.curfew.http.SessionEndpoints;
import dev.curfew.http.SessionEndpointsBuilder;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Realm;
import dev.curfew.session.Session;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.session.SubjectId;
import dev.curfew.store.StoreSettingsMismatchException;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.token.SessionAuthentication;
import dev.curfew.token.SessionIds;
import dev.curfew.token.TokenKeys;
import dev.curfew.token.TokenPolicy;
import dev.curfew.token.TokenPolicyBuilder;
import dev.curfew.token.TokenVerifier;
import dev.curfew.token.VerifiedToken;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What the builder demands, and what it refuses. */
class SessionServiceBuilderTest {
    private static final Duration TOKEN = Duration.ofMinutes(15);

    private static final KeyRing RING = TestKeys.ring("k1");

    private final ManualClock clock = ManualClock.at(TestHost.BIRTH);

    private SessionServiceBuilder complete() {
        return SessionService.builder()
                .store(InMemorySessionStore.create())
                .lifetimes(SessionLifetimes.aal2())
                .maxTokenLifetime(TOKEN)
                .clock(clock, clock.ticker())
                .eventExecutor(Runnable::run);
    }

    /** Whoever gets no service has nothing to close. */
    @Test
    void a_build_that_is_refused_leaves_no_thread_that_follows_the_store() {
        Set<Thread> before = followers();

        assertThatIllegalStateException()
                .isThrownBy(
                        () -> complete().withoutAuditLog().audit(trail -> trail).build())
                .withMessageContaining("sink(...)");

        assertThat(followers()).isSubsetOf(before);
    }

    private static Set<Thread> followers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("curfew-index"))
                .collect(Collectors.toSet());
    }

    @Test
    void a_missing_store_is_named() {
        assertThatIllegalStateException()
                .isThrownBy(() -> SessionService.builder()
                        .lifetimes(SessionLifetimes.aal2())
                        .maxTokenLifetime(TOKEN)
                        .build())
                .withMessageContaining("store(...)");
    }

    @Test
    void missing_lifetimes_are_named() {
        assertThatIllegalStateException()
                .isThrownBy(() -> SessionService.builder()
                        .store(InMemorySessionStore.create())
                        .maxTokenLifetime(TOKEN)
                        .build())
                .withMessageContaining("lifetimes(...)");
    }

    @Test
    void a_missing_token_lifetime_is_named_with_both_ways_to_say_it() {
        assertThatIllegalStateException()
                .isThrownBy(() -> SessionService.builder()
                        .store(InMemorySessionStore.create())
                        .lifetimes(SessionLifetimes.aal2())
                        .build())
                .withMessageContaining("tokenPolicies(...)")
                .withMessageContaining("maxTokenLifetime(...)");
    }

    @Test
    void a_host_with_session_tokens_alone_says_so_and_accepts_no_access_token() {
        SessionServiceBuilder builder = SessionService.builder()
                .store(InMemorySessionStore.create())
                .lifetimes(SessionLifetimes.aal2())
                .withoutAccessTokens()
                .clock(clock, clock.ticker())
                .eventExecutor(Runnable::run)
                .retention(Duration.ofHours(24).plusSeconds(12));
        try (SessionService service = builder.build()) {
            clock.advance(Duration.ofMinutes(1));
            SecretToken token = ((LoginResult.LoggedIn) service.beginLogin(new SubjectId(TestHost.REALM, "alice"))
                            .withSessionToken()
                            .complete(DeviceInfo.unknown()))
                    .token()
                    .orElseThrow();
            assertThat(service.credentials().authenticate(TestHost.REALM, token.reveal()))
                    .isInstanceOf(SessionAuthentication.Authenticated.class);
            SessionEndpointsBuilder endpoints = SessionEndpoints.builder()
                    .service(service)
                    .verifier(TokenVerifier.of(policy("shop", TOKEN, Duration.ZERO)));
            assertThatIllegalStateException()
                    .isThrownBy(endpoints::build)
                    .withMessageContaining("tokenPolicies(...)")
                    .withMessageContaining("withoutAccessTokens()");
        }
        assertThatIllegalStateException()
                .isThrownBy(() -> builder.maxTokenLifetime(TOKEN).build())
                .withMessageContaining("withoutAccessTokens() contradicts");
    }

    @Test
    void a_store_outside_of_the_process_needs_a_decision_about_encryption_and_both_ways_are_named() {
        WatchedStore outside = new WatchedStore(InMemorySessionStore.create()).outside();

        assertThatIllegalStateException()
                .isThrownBy(() -> complete().store(outside).build())
                .withMessageContaining("encryption(...)")
                .withMessageContaining("storeSessionsUnencrypted()");
        assertThat(outside.takeCalls()).isEmpty();

        assertThatCode(() -> complete().store(outside).encryption(RING).build()).doesNotThrowAnyException();
        assertThatCode(() ->
                        complete().store(outside).storeSessionsUnencrypted().build())
                .doesNotThrowAnyException();
        assertThatCode(() -> complete().build()).doesNotThrowAnyException();
    }

    @Test
    void settings_of_encryption_that_contradict_each_other_are_refused() {
        assertThatIllegalStateException()
                .isThrownBy(() ->
                        complete().encryption(RING).storeSessionsUnencrypted().build())
                .withMessageContaining("contradict");
        assertThatIllegalStateException()
                .isThrownBy(() -> complete().acceptUnencryptedSessions().build())
                .withMessageContaining("encryption(...)");
    }

    @Test
    void storing_sessions_unencrypted_and_accepting_such_sessions_are_warned_of() {
        WatchedStore outside = new WatchedStore(InMemorySessionStore.create()).outside();

        assertThat(warningsWhile(() ->
                        complete().store(outside).storeSessionsUnencrypted().build()))
                .singleElement()
                .satisfies(line -> assertThat(line).contains("unencrypted"));
        assertThat(warningsWhile(() ->
                        complete().encryption(RING).acceptUnencryptedSessions().build()))
                .singleElement()
                .satisfies(line -> assertThat(line).contains("acceptUnencryptedSessions()"));
        assertThat(warningsWhile(() -> complete().encryption(RING).build())).isEmpty();
    }

    @Test
    void a_store_is_not_opened_before_everything_is_said() {
        WatchedStore store = new WatchedStore(InMemorySessionStore.create());

        assertThatIllegalStateException()
                .isThrownBy(() -> SessionService.builder().store(store).build());

        assertThat(store.takeCalls()).isEmpty();
    }

    @Test
    void sessions_and_their_tokens_may_last_as_long_as_the_retention_and_not_a_moment_longer() {
        SessionLifetimes month = SessionLifetimes.aal1();
        Duration exactly = month.absolute().plus(TOKEN).plusSeconds(10).plusSeconds(2);

        assertThatCode(() -> complete().lifetimes(month).retention(exactly).build())
                .doesNotThrowAnyException();
        assertThatIllegalStateException()
                .isThrownBy(() -> complete()
                        .lifetimes(month)
                        .retention(exactly.minusNanos(1))
                        .build())
                .withMessageContaining("retention(...)")
                .withMessageContaining("lifetimes.absolute")
                .withMessageContaining("maxTokenLifetime");
    }

    @Test
    void each_part_counts_against_the_retention() {
        SessionServiceBuilder tight =
                complete().retention(Duration.ofHours(24).plus(TOKEN).plusSeconds(12));
        assertThatCode(tight::build).doesNotThrowAnyException();

        assertThatIllegalStateException()
                .isThrownBy(() -> tight.maxTokenLifetime(TOKEN.plusNanos(1)).build());
        tight.maxTokenLifetime(TOKEN);
        assertThatIllegalStateException()
                .isThrownBy(() -> tight.tokenSkew(Duration.ofSeconds(11)).build());
        tight.tokenSkew(Duration.ofSeconds(10));
        assertThatIllegalStateException()
                .isThrownBy(() -> tight.nodeSkew(Duration.ofSeconds(3)).build());
    }

    @Test
    void a_store_with_another_retention_is_refused() {
        InMemorySessionStore store = InMemorySessionStore.create();
        SessionServiceBuilder builder = complete().store(store);
        assertThatCode(builder::build).doesNotThrowAnyException();
        assertThatCode(builder::build).doesNotThrowAnyException();

        assertThatThrownBy(() -> builder.retention(Duration.ofDays(99)).build())
                .isInstanceOf(StoreSettingsMismatchException.class);
    }

    @Test
    void a_store_that_is_down_is_reported() {
        WatchedStore store = new WatchedStore(InMemorySessionStore.create());
        store.goDown();

        assertThatThrownBy(() -> complete().store(store).build()).isInstanceOf(StoreUnavailableException.class);
    }

    @Test
    void impossible_durations_are_refused_by_name() {
        refused(builder -> builder.maxTokenLifetime(Duration.ZERO), "maxTokenLifetime");
        refused(builder -> builder.maxTokenLifetime(Duration.ofSeconds(-1)), "maxTokenLifetime");
        refused(builder -> builder.retention(Duration.ZERO), "retention");
        refused(builder -> builder.keepEndedSessions(Duration.ZERO), "keepEndedSessions");
        refused(builder -> builder.tokenSkew(Duration.ofMinutes(5).plusNanos(1)), "tokenSkew");
        refused(builder -> builder.tokenSkew(Duration.ofNanos(-1)), "tokenSkew");
        refused(builder -> builder.nodeSkew(Duration.ofNanos(-1)).build(), "nodeSkew");
        refused(builder -> builder.loginSealingKey(new byte[31]), "sealing key has 31 bytes");
    }

    @Test
    void the_longest_lifetime_and_the_largest_skew_of_all_policies_count() {
        TokenPolicy brief = policy("a", Duration.ofMinutes(5), Duration.ofSeconds(60));
        TokenPolicy lasting = policy("b", Duration.ofHours(2), Duration.ZERO);
        Duration needed = Duration.ofHours(24).plusHours(2).plusSeconds(60).plusSeconds(2);

        for (SessionServiceBuilder builder : new SessionServiceBuilder[] {
            complete().tokenPolicies(brief, lasting), complete().tokenPolicies(lasting, brief)
        }) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> builder.retention(needed.minusNanos(1)).build());
            assertThatCode(() -> builder.retention(needed).build()).doesNotThrowAnyException();
        }
    }

    @Test
    void a_single_policy_replaces_the_default_skew() {
        SessionServiceBuilder builder =
                complete().tokenPolicies(policy("a", TOKEN, Duration.ZERO)).nodeSkew(Duration.ZERO);

        assertThatCode(() -> builder.retention(Duration.ofHours(24).plus(TOKEN)).build())
                .doesNotThrowAnyException();
    }

    @Test
    void tokens_older_than_the_store_are_refused_unless_they_are_trusted_by_name() {
        TestTokens tokens = TestTokens.foreign(TestHost.PARTNER, clock);
        clock.advance(Duration.ofMinutes(-5));
        VerifiedToken older = tokens.draft("alice").verified();
        clock.advance(Duration.ofMinutes(5));

        SessionService careful = complete().build();
        SessionService trusting = complete().trustTokensOlderThanStore().build();

        assertThat(careful.checker().check(older).reason()).contains(RevocationReason.STORE_CREATED);
        assertThat(trusting.checker().check(older).permits()).isTrue();
    }

    @Test
    void trusting_tokens_older_than_the_store_is_warned_of() {
        Logger logger = (Logger) LoggerFactory.getLogger(SessionServiceBuilder.class);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.addAppender(log);

        complete().build();
        assertThat(log.list).isEmpty();
        complete().trustTokensOlderThanStore().build();
        logger.detachAppender(log);

        assertThat(log.list).singleElement().satisfies(line -> {
            assertThat(line.getLevel()).isEqualTo(Level.WARN);
            assertThat(line.getFormattedMessage()).contains("tokens older than the store are trusted");
        });
    }

    @Test
    void a_trusting_store_still_revokes() {
        TestTokens tokens = TestTokens.ours(TestHost.REALM, clock);
        SessionService trusting = complete().trustTokensOlderThanStore().build();
        Session session = trusting.beginLogin(tokens.subject("alice"))
                .complete(DeviceInfo.unknown())
                .orElseThrow();
        VerifiedToken token = tokens.of(session);
        assertThat(session.authenticatedAt()).isEqualTo(clock.instant());

        trusting.logout(token);

        assertThat(trusting.checker().check(token).permits()).isFalse();
    }

    private void refused(Consumer<SessionServiceBuilder> setting, String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> setting.accept(complete()))
                .withMessageContaining(name);
    }

    private static TokenPolicy policy(String realm, Duration lifetime, Duration skew) {
        TokenPolicyBuilder builder = TokenPolicy.forIssuer(Realm.of(realm), "https://" + realm + ".example.com");
        byte[] secret = new byte[64];
        for (int i = 0; i < secret.length; i++) {
            secret[i] = (byte) (i * 37 + 11);
        }
        return builder.keys(TokenKeys.ofSecret("test", secret))
                .anyAudience()
                .sessionIds(SessionIds.OURS)
                .maxTokenLifetime(lifetime)
                .skew(skew)
                .build();
    }

    private static List<String> warningsWhile(Runnable build) {
        Logger logger = (Logger) LoggerFactory.getLogger(SessionServiceBuilder.class);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.addAppender(log);
        try {
            build.run();
        } finally {
            logger.detachAppender(log);
        }
        return log.list.stream()
                .filter(line -> line.getLevel() == Level.WARN)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }
}
