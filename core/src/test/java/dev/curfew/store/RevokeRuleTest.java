package dev.curfew.store;

import static dev.curfew.contract.Given.NOW;
import static dev.curfew.contract.Given.SETTINGS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.curfew.contract.Given;
import dev.curfew.contract.GivenSession;
import dev.curfew.revocation.Actor;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.SubjectId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RevokeRuleTest {
    private static final Duration TICK = Duration.ofMillis(1);
    private static final SubjectId ALICE = Given.subject("alice");
    private static final SubjectId BOB = Given.subject("bob");
    private static final GivenSession CURRENT = Given.session(ALICE).build();
    private static final GivenSession OTHER = Given.session(ALICE).build();
    private static final GivenSession OF_BOB = Given.session(BOB).build();
    private static final GivenSession FOREIGN =
            Given.session(ALICE).foreign("sid-1").build();
    private static final TokenFacts CALLER = CURRENT.token("jti-1");

    private static final RevocationTarget TOKEN = RevocationTarget.token(CALLER);
    private static final RevocationTarget SUBJECT = RevocationTarget.subject(ALICE);
    private static final RevocationTarget CLIENT = RevocationTarget.client(Given.client("web"));
    private static final RevocationTarget REALM = RevocationTarget.realm(Given.REALM);
    private static final RevocationTarget KEY = RevocationTarget.signingKey("key-1");

    private final GivenSnapshot read = new GivenSnapshot();

    static List<RevocationTarget> everyTarget() {
        return List.of(TOKEN, OTHER.target(), FOREIGN.target(), SUBJECT, CLIENT, REALM, KEY);
    }

    static List<RevocationTarget> cutOffs() {
        return List.of(SUBJECT, CLIENT, REALM);
    }

    @ParameterizedTest
    @MethodSource("everyTarget")
    void a_repeat_answers_what_the_act_did_whatever_has_happened_since(RevocationTarget target) {
        Revocation first = entry(target).build();
        read.repeated = new RevokeResult.Recorded(first, 7, true);
        read.covering = List.of(entry(CURRENT.target()).build());
        read.forgotten = true;

        RevokeDecision decision = decideFor(CALLER, act(target));

        assertThat(decision.result()).isEqualTo(new RevokeResult.Recorded(first, 7, false));
        assertWritesNothing(decision);
    }

    @Test
    void a_revoked_caller_revokes_nothing_and_is_told_what_ended_the_session() {
        Revocation ofToken = entry(TOKEN).build();
        Revocation ofSession = entry(CURRENT.target()).build();
        read.covering = List.of(ofToken, ofSession);

        RevokeDecision decision = decideFor(CALLER, act(SUBJECT));

        assertThat(decision.result()).isEqualTo(new RevokeResult.CallerRevoked(ofSession));
        assertWritesNothing(decision);
    }

    @Test
    void a_revoked_caller_is_told_so_before_a_target_is_refused() {
        read.covering = List.of(entry(TOKEN).build());

        assertThat(decideFor(CALLER, act(OF_BOB.target())).result()).isInstanceOf(RevokeResult.CallerRevoked.class);
    }

    static Stream<Arguments> ownership() {
        TokenFacts foreignCaller = FOREIGN.token("jti-2");
        TokenFacts nobody = TokenFacts.in(Given.REALM).signingKey("key-1").build();
        return Stream.of(
                arguments("own token", TOKEN, null, CALLER, true),
                arguments("another token of the same session", tokenOf(CURRENT, "jti-9"), null, CALLER, false),
                arguments("own session without a row", CURRENT.target(), null, CALLER, true),
                arguments("own foreign session without a row", FOREIGN.target(), null, foreignCaller, true),
                arguments("own session, whose row is another subject's", CURRENT.target(), OF_BOB, CALLER, true),
                arguments("another session of the subject", OTHER.target(), OTHER, CALLER, true),
                arguments("a foreign session of the subject", FOREIGN.target(), FOREIGN, CALLER, true),
                arguments("another subject's session", OF_BOB.target(), OF_BOB, CALLER, false),
                arguments("an unknown session", OTHER.target(), null, CALLER, false),
                arguments("an unknown foreign session", FOREIGN.target(), null, CALLER, false),
                arguments("a session, by a caller without a subject", OTHER.target(), OTHER, nobody, false),
                arguments("own subject", SUBJECT, null, CALLER, true),
                arguments("another subject", RevocationTarget.subject(BOB), null, CALLER, false),
                arguments("a subject, by a caller without one", SUBJECT, null, nobody, false),
                arguments("a client", CLIENT, null, CALLER, false),
                arguments("the realm", REALM, null, CALLER, false),
                arguments("the key that verified the caller", KEY, null, nobody, false));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ownership")
    void callers_revoke_their_own_and_nothing_else(
            String name, RevocationTarget target, GivenSession row, TokenFacts caller, boolean isOwn) {
        read.session = row == null ? null : new FoundSession(row.row(), List.of());

        RevokeDecision decision = decideFor(caller, act(target));

        if (isOwn) {
            assertThat(decision.isEntryNeeded()).isTrue();
        } else {
            assertThat(decision.result()).isEqualTo(new RevokeResult.NotOwned());
            assertWritesNothing(decision);
        }
    }

    @ParameterizedTest
    @MethodSource("everyTarget")
    void a_host_without_a_caller_revokes_everything(RevocationTarget target) {
        read.covering = List.of(entry(CURRENT.target()).build());

        assertThat(decide(act(target)).isEntryNeeded()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("cutOffs")
    void a_cut_off_that_means_now_takes_the_later_clock_and_lies_behind_the_newest(RevocationTarget target) {
        Duration skew = SETTINGS.nodeSkew();

        assertThat(written(decide(act(target))).issuedBefore()).isEqualTo(NOW.plus(skew));

        read.clock = NOW.plusSeconds(5);
        assertThat(written(decide(act(target))).issuedBefore()).isEqualTo(read.clock.plus(skew));

        read.newestApplicable = read.clock.plus(skew);
        assertThat(written(decide(act(target))).issuedBefore()).isEqualTo(read.newestApplicable.plus(TICK));
    }

    @Test
    void a_foreign_session_takes_the_later_clock() {
        read.clock = NOW.plusSeconds(5);

        assertThat(written(decide(act(FOREIGN.target()))).issuedBefore())
                .isEqualTo(read.clock.plus(SETTINGS.nodeSkew()));
    }

    @Test
    void a_cut_off_with_an_instant_of_its_own_keeps_it() {
        Instant hourAgo = NOW.minusSeconds(3_600);
        read.clock = NOW.plusSeconds(5);
        read.newestApplicable = NOW.plusSeconds(9);

        RevocationRequest request = Given.act(SUBJECT).issuedBefore(hourAgo).build();

        assertThat(written(decide(request)).issuedBefore()).isEqualTo(hourAgo);
    }

    @Test
    void a_session_is_remembered_as_long_as_its_row_says() {
        read.session = new FoundSession(OTHER.row(), List.of());

        assertThat(written(decide(act(OTHER.target()))).forgetAfter())
                .isEqualTo(OTHER.row().forgetAfter());
    }

    @Test
    void a_cut_off_adds_nothing_to_one_that_is_no_earlier_and_lasts_as_long() {
        Instant until = NOW.minusSeconds(10);
        RevocationRequest request = Given.act(SUBJECT).issuedBefore(until).build();
        Instant forgotten = written(decide(request)).forgetAfter();

        Revocation same =
                entry(SUBJECT).issuedBefore(until).forgetAfter(forgotten).build();
        read.standing = List.of(same);
        assertThat(decide(request).result()).isEqualTo(new RevokeResult.Recorded(same, 0, false));
        assertWritesNothing(decide(request));

        read.standing = List.of(
                entry(SUBJECT)
                        .issuedBefore(until.minus(TICK))
                        .forgetAfter(forgotten)
                        .build(),
                entry(SUBJECT)
                        .issuedBefore(until)
                        .forgetAfter(forgotten.minus(TICK))
                        .build());
        assertThat(decide(request).isEntryNeeded()).isTrue();
    }

    @Test
    void of_several_that_stand_the_one_recorded_first_is_answered() {
        Revocation later = entry(TOKEN).revokedAt(NOW.minusSeconds(1)).build();
        Revocation first = entry(TOKEN).revokedAt(NOW.minusSeconds(2)).build();
        read.standing = List.of(later, first);

        assertThat(decide(act(TOKEN)).result()).isEqualTo(new RevokeResult.Recorded(first, 0, false));
    }

    @Test
    void entries_of_another_target_add_nothing() {
        read.standing = List.of(entry(CURRENT.target()).build(), entry(SUBJECT).build());

        assertThat(decide(act(TOKEN)).isEntryNeeded()).isTrue();
    }

    static List<RevocationTarget> byName() {
        return List.of(TOKEN, OTHER.target(), KEY);
    }

    @ParameterizedTest
    @MethodSource("byName")
    void what_is_covered_by_its_name_is_covered_until_that_is_forgotten(RevocationTarget target) {
        read.standing = List.of(entry(target).forgetAfter(NOW.plus(TICK)).build());
        assertWritesNothing(decide(act(target)));

        read.standing = List.of(entry(target).forgetAfter(NOW).build());
        assertThat(decide(act(target)).isEntryNeeded()).isTrue();
    }

    static List<RevocationTarget> byInstant() {
        return List.of(FOREIGN.target(), SUBJECT, CLIENT, REALM);
    }

    @ParameterizedTest
    @MethodSource("byInstant")
    void an_act_with_fixed_instants_is_remembered_although_a_later_one_stands(RevocationTarget target) {
        Revocation fixed = entry(target).issuedBefore(NOW.minusSeconds(60)).build();
        Revocation standing = entry(target).build();
        read.standing = List.of(standing);

        RevokeDecision decision = decide(act(target).fixedAs(fixed));

        assertThat(((RevokeResult.Recorded) decision.result()).entry()).isEqualTo(standing);
        assertThat(((RevokeResult.Recorded) decision.result()).changed()).isFalse();
        assertThat(decision.act()).map(RevokeResult.Recorded::entry).contains(fixed);
        assertThat(decision.isEntryNeeded()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("byName")
    void an_act_upon_a_name_need_not_be_remembered_because_its_repeat_is_the_same(RevocationTarget target) {
        read.standing = List.of(entry(target).build());

        assertWritesNothing(decide(act(target).fixedAs(entry(target).build())));
    }

    @Test
    void an_act_with_fixed_instants_is_recorded_verbatim() {
        Revocation fixed = entry(SUBJECT).issuedBefore(NOW.minusSeconds(60)).build();
        read.newestApplicable = NOW;

        assertThat(written(decide(act(SUBJECT).fixedAs(fixed)))).isEqualTo(fixed);
    }

    @ParameterizedTest
    @MethodSource("everyTarget")
    void what_is_over_is_not_written(RevocationTarget target) {
        read.forgotten = true;

        RevokeDecision decision = decide(act(target));

        assertThat(((RevokeResult.Recorded) decision.result()).changed()).isFalse();
        assertThat(((RevokeResult.Recorded) decision.result()).count().orElse(0))
                .isZero();
        assertWritesNothing(decision);
    }

    @Test
    void a_token_counts_for_itself() {
        assertThat(count(decide(act(TOKEN)))).isEqualTo(1);
    }

    @Test
    void a_session_counts_if_it_was_live() {
        Instant end = OTHER.row().endsByTime();
        read.session = new FoundSession(OTHER.row(), List.of());
        assertThat(count(decideAt(end.minus(TICK), act(OTHER.target())))).isEqualTo(1);
        assertThat(count(decideAt(end, act(OTHER.target())))).isZero();

        read.session = new FoundSession(OTHER.row(), List.of(entry(SUBJECT).build()));
        assertThat(count(decide(act(OTHER.target())))).isZero();
    }

    @Test
    void a_foreign_session_counts_if_its_login_is_covered() {
        Instant began = FOREIGN.row().authenticatedAt();
        read.session = new FoundSession(FOREIGN.row(), List.of());
        Revocation.Builder fixed = entry(FOREIGN.target());

        Revocation covering = fixed.issuedBefore(began).build();
        assertThat(count(decide(act(FOREIGN.target()).fixedAs(covering)))).isEqualTo(1);

        Revocation before = fixed.issuedBefore(began.minus(TICK)).build();
        assertThat(count(decide(act(FOREIGN.target()).fixedAs(before)))).isZero();
    }

    @Test
    void a_session_without_a_row_counts_if_it_is_the_callers_own() {
        assertThat(count(decideFor(CALLER, act(CURRENT.target())))).isEqualTo(1);
        assertThat(count(decide(act(CURRENT.target())))).isZero();
    }

    @Test
    void a_subject_counts_what_the_store_has_counted() {
        read.live = 3;

        assertThat(count(decide(act(SUBJECT)))).isEqualTo(3);
    }

    @Test
    void nobody_counts_what_a_client_a_realm_or_a_key_ends() {
        for (RevocationTarget target : List.of(CLIENT, REALM, KEY)) {
            assertThat(((RevokeResult.Recorded) decide(act(target)).result()).count())
                    .as("%s", target.kind())
                    .isEmpty();
        }
    }

    @Test
    void what_a_bounded_store_records_instead_is_fixed_and_counted_and_not_tested() {
        read.covering = List.of(entry(CURRENT.target()).build());
        read.repeated = new RevokeResult.Recorded(entry(TOKEN).build(), 1, true);
        read.live = 3;

        RevokeResult.Recorded recorded =
                rule(Precondition.ownedBy(CALLER), act(SUBJECT), NOW).untested(read);

        assertThat(recorded.entry().issuedBefore()).isEqualTo(NOW.plus(SETTINGS.nodeSkew()));
        assertThat(recorded.newlyCovered()).isEqualTo(3);
        assertThat(recorded.changed()).isTrue();
    }

    private RevokeDecision decide(RevocationRequest request) {
        return decideAt(NOW, request);
    }

    private RevokeDecision decideAt(Instant now, RevocationRequest request) {
        return rule(Precondition.none(), request, now).decide(read);
    }

    private RevokeDecision decideFor(TokenFacts caller, RevocationRequest request) {
        return rule(Precondition.ownedBy(caller), request, NOW).decide(read);
    }

    private static RevokeRule rule(Precondition precondition, RevocationRequest request, Instant now) {
        return new RevokeRule(request, precondition, SETTINGS, now);
    }

    private static RevocationRequest act(RevocationTarget target) {
        return Given.act(target).build();
    }

    private static RevocationTarget tokenOf(GivenSession session, String jti) {
        return RevocationTarget.token(session.token(jti));
    }

    /** An entry that stands there already, later than all that a test asks for. */
    private static Revocation.Builder entry(RevocationTarget target) {
        return Revocation.of(target)
                .because(RevocationReason.USER_LOGOUT, Actor.system())
                .revokedAt(NOW.minusSeconds(1))
                .issuedBefore(NOW.plusSeconds(60))
                .forgetAfter(NOW.plus(SETTINGS.retention()));
    }

    private static Revocation written(RevokeDecision decision) {
        RevokeResult.Recorded recorded = decision.act().orElseThrow();
        assertThat(decision.isEntryNeeded()).isTrue();
        assertThat(decision.result()).isEqualTo(recorded);
        assertThat(recorded.changed()).isTrue();
        return recorded.entry();
    }

    private static long count(RevokeDecision decision) {
        return decision.act().orElseThrow().newlyCovered();
    }

    private static void assertWritesNothing(RevokeDecision decision) {
        assertThat(decision.act()).isEmpty();
        assertThat(decision.isEntryNeeded()).isFalse();
    }
}
