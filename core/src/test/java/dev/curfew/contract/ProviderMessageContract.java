package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.revocation.TokenId;
import dev.curfew.session.ForeignSessionId;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SessionRef;
import dev.curfew.store.InsertResult;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RevokeResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a provider says has ended: up to an instant of its own, remembered as long as the host says, and harmless
 * however often and in whatever order its messages come.
 */
@Tag("MessagesOfProviders")
abstract class ProviderMessageContract extends StoreContract {
    private static final Duration DAY = Duration.ofDays(1);

    ProviderMessageContract(Supplier<? extends StoreFixture> fixtures) {
        super(fixtures);
    }

    /** Whom a message is about. */
    enum About {
        /** A session of the provider, of whom nobody says whose it is. */
        SESSION,
        /** A session of the provider, and of this subject. */
        SESSION_OF_SUBJECT,
        /** All that a subject has. */
        SUBJECT;

        RevocationTarget target(String name) {
            ForeignSessionId sid = new ForeignSessionId(name);
            return switch (this) {
                case SESSION -> RevocationTarget.session(SessionRef.ofUnknownSubject(Given.REALM, sid));
                case SESSION_OF_SUBJECT -> RevocationTarget.session(SessionRef.of(Given.subject(name), sid));
                case SUBJECT -> RevocationTarget.subject(Given.subject(name));
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_message_covers_logins_up_to_its_instant_and_no_later_one(About about) {
        Instant until = now().minus(Duration.ofMinutes(5));

        RevokeResult.Recorded result = revoke(message(about, until).build());

        assertThat(result.changed()).isTrue();
        assertThat(result.newlyCovered()).isZero();
        assertThat(result.entry().issuedBefore()).isEqualTo(until);
        assertThat(result.entry().revokedAt()).isEqualTo(now());
        assertThat(result.entry().forgetAfter()).isEqualTo(now().plus(Given.SETTINGS.retention()));
        assertThat(covering(loginAt(until))).containsExactly(result.entry());
        assertThat(covering(loginAt(until.plusMillis(1)))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void a_message_whose_instant_is_ahead_of_this_clock_is_taken_at_its_word(About about) {
        Instant until = now().plusSeconds(7);

        Revocation entry = revoke(message(about, until).build()).entry();

        assertThat(entry.issuedBefore()).isEqualTo(until);
        assertThat(entry.forgetAfter()).isEqualTo(until.plus(Given.SETTINGS.retention()));
        assertThat(covering(loginAt(until))).containsExactly(entry);
        assertThat(covering(loginAt(until.plusMillis(1)))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void a_message_ends_the_stored_session_that_began_before_it_and_spares_the_one_that_began_after(About about) {
        Instant until = now().plus(Duration.ofMinutes(5));
        GivenSession before = insert(session(Given.subject("x")).foreign("x").build());
        GivenSession ofOther = insert(session(bob).foreign("y").build());
        clock.set(until.plusMillis(1));

        RevokeResult.Recorded first = revoke(message(about, until).build());

        assertThat(first.newlyCovered()).isEqualTo(1);
        assertThat(isLive(before)).isFalse();
        assertThat(isLive(ofOther)).isTrue();
        GivenSession after = insert(session(Given.subject("x")).foreign("x").build());
        assertThat(revoke(message(about, until.minusMillis(1)).build()))
                .isEqualTo(new RevokeResult.Recorded(first.entry(), 0, false));
        assertThat(isLive(after)).isTrue();
        RevokeResult.Recorded next = revoke(message(about, until.plusMillis(1)).build());
        assertThat(next.newlyCovered()).isEqualTo(1);
        assertThat(isLive(after)).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void a_login_that_began_before_the_message_and_is_stored_after_it_is_refused(About about) {
        Revocation entry = revoke(message(about, now()).build()).entry();
        GivenSession late = session(Given.subject("x")).foreign("x").build();
        clock.advance(Duration.ofSeconds(30));

        assertThat(insert(late, SessionLimit.unlimited())).isEqualTo(new InsertResult.Covered(entry));

        GivenSession after = insert(session(Given.subject("x")).foreign("x").build());
        assertThat(isLive(after)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void what_a_message_covers_is_forgotten_when_the_host_says_so(About about) {
        Instant end = now().plus(DAY);
        Revocation entry =
                revoke(message(about, now()).forgetAfter(end).build()).entry();

        assertThat(entry.forgetAfter()).isEqualTo(end);
        TokenFacts facts = loginAt(now());
        clock.set(end.minusMillis(1));
        assertThat(covering(facts)).containsExactly(entry);
        clock.set(end);
        assertThat(covering(facts)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void the_same_message_again_within_the_hour_adds_no_row(About about) {
        insert(session(Given.subject("x")).foreign("x").build());
        RevocationRequest request =
                message(about, now()).forgetAfter(now().plus(DAY)).build();
        RevokeResult.Recorded first = revoke(request);
        FeedReader reader = caughtUpReader();
        clock.advance(Duration.ofMinutes(1));
        GivenSession since = insert(session(Given.subject("x")).foreign("x").build());

        for (int minutes : new int[] {0, 20, 38}) {
            clock.advance(Duration.ofMinutes(minutes));
            RevocationRequest again = RevocationRequest.of(request.target(), request.operation())
                    .because(request.reason(), request.actor())
                    .issuedBefore(first.entry().issuedBefore())
                    .forgetAfter(now().plus(DAY))
                    .build();
            assertThat(revoke(again)).isEqualTo(new RevokeResult.Recorded(first.entry(), first.newlyCovered(), false));
        }

        assertThat(reader.readOn()).isEmpty();
        assertThat(isLive(since)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void the_same_message_two_hours_later_covers_nothing_more(About about) {
        RevocationRequest.Builder message = message(about, now());
        Instant until = now();
        revoke(message.forgetAfter(now().plus(DAY)).build());
        clock.advance(Duration.ofHours(2));
        GivenSession since = insert(session(Given.subject("x")).foreign("x").build());

        RevokeResult.Recorded late = revoke(message.forgetAfter(now().plus(DAY)).build());

        assertThat(late.entry().issuedBefore()).isEqualTo(until);
        assertThat(covering(loginAt(until))).isNotEmpty();
        assertThat(covering(loginAt(until.plusMillis(1)))).isEmpty();
        assertThat(isLive(since)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void messages_in_any_order_cover_the_same(About about) {
        Instant last = now();
        List<Instant> instants = List.of(last.minusSeconds(20), last.minusSeconds(10), last);
        int names = 0;
        for (List<Instant> order : orders(instants)) {
            String name = "x" + names++;
            Revocation joined = null;
            for (Instant until : order) {
                revoke(message(about, name, until).build());
                Revocation read = covering(login(name, order.get(0))).stream()
                        .reduce(Revocation::join)
                        .orElseThrow();
                joined = joined == null ? read : joined.join(read);
            }
            assertThat(joined.issuedBefore()).isEqualTo(last);
            assertThat(covering(login(name, last))).isNotEmpty();
            assertThat(covering(login(name, last.plusMillis(1)))).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_message_and_what_means_now_cover_the_same_in_either_order(About about) {
        Instant until = now().minusSeconds(10);
        revoke(message(about, "x", until).build());
        Instant first = revoke(about.target("x")).entry().issuedBefore();
        Instant second = revoke(about.target("y")).entry().issuedBefore();
        revoke(message(about, "y", until).build());

        assertThat(first).isEqualTo(second).isEqualTo(now().plus(Given.SETTINGS.nodeSkew()));
        for (String name : Set.of("x", "y")) {
            assertThat(covering(login(name, first))).isNotEmpty();
            assertThat(covering(login(name, first.plusMillis(1)))).isEmpty();
        }
    }

    @Test
    void a_message_about_a_session_reaches_tokens_of_any_subject() {
        Revocation entry = revoke(message(About.SESSION, now()).build()).entry();

        for (int i = 0; i < 30; i++) {
            TokenFacts facts = Given.token(Given.subject("subject-" + i), "t")
                    .session(new ForeignSessionId("x"))
                    .authenticatedAt(now())
                    .issuedAt(now())
                    .build();
            assertThat(covering(facts)).containsExactly(entry);
        }
    }

    private static RevocationRequest.Builder message(About about, Instant until) {
        return message(about, "x", until);
    }

    private static RevocationRequest.Builder message(About about, String name, Instant until) {
        return Given.act(about.target(name)).issuedBefore(until);
    }

    private static TokenFacts loginAt(Instant authTime) {
        return login("x", authTime);
    }

    /** Of a subject and a session of the same name. */
    private static TokenFacts login(String name, Instant authTime) {
        return TokenFacts.in(Given.REALM)
                .token(TokenId.ofJti("t"))
                .subject(Given.subject(name))
                .session(new ForeignSessionId(name))
                .authenticatedAt(authTime)
                .issuedAt(authTime.plusSeconds(3_600))
                .build();
    }

    private static List<List<Instant>> orders(List<Instant> all) {
        if (all.isEmpty()) {
            return List.of(List.of());
        }
        List<List<Instant>> orders = new ArrayList<>();
        for (Instant first : all) {
            List<Instant> rest =
                    all.stream().filter(other -> !other.equals(first)).toList();
            for (List<Instant> order : orders(rest)) {
                List<Instant> whole = new ArrayList<>(List.of(first));
                whole.addAll(order);
                orders.add(whole);
            }
        }
        return orders;
    }
}
