package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.curfew.revocation.Actor;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SubjectId;
import dev.curfew.store.FeedEntry;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.InsertResult;
import dev.curfew.store.ListQuery;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.SessionStore;
import dev.curfew.store.StoreSettings;
import dev.curfew.store.StoreSettingsMismatchException;
import dev.curfew.store.Touch;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The birth of a store: it covers everything older, because a store that lost its data looks like a new one. */
@Tag("Opening")
abstract class OpeningContract extends StoreContract {
    private static final Instant BORN = Given.BIRTH.plus(Given.SETTINGS.nodeSkew());

    OpeningContract(Supplier<? extends StoreFixture> fixtures) {
        super(fixtures);
    }

    @Test
    void tokens_that_began_at_the_birth_are_covered_and_one_millisecond_later_are_not() {
        assertThat(covering(beganAt(BORN))).singleElement().satisfies(OpeningContract::isBirth);
        assertThat(covering(beganAt(BORN.plusMillis(1)))).isEmpty();
    }

    @Test
    void tokens_without_our_session_id_are_judged_by_their_own_instants() {
        assertThat(covering(issuedAt(BORN))).singleElement().satisfies(OpeningContract::isBirth);
        assertThat(covering(issuedAt(BORN.plusMillis(1)))).isEmpty();
    }

    @Test
    void tokens_without_any_instant_are_covered() {
        assertThat(covering(Given.token(alice, "t").build())).singleElement().satisfies(OpeningContract::isBirth);
    }

    @Test
    void a_session_older_than_the_store_is_refused_and_one_millisecond_later_is_not() {
        GivenSession old = Given.session(alice).began(BORN).build();
        assertThat(insert(old, SessionLimit.unlimited()))
                .isInstanceOfSatisfying(InsertResult.Covered.class, covered -> isBirth(covered.by()));
        assertThat(find(old)).isEmpty();

        insert(Given.session(alice).began(BORN.plusMillis(1)).build());
    }

    @Test
    void the_birth_is_never_forgotten() {
        clock.set(Given.BIRTH.plus(Duration.ofDays(365L * 300)));
        store().purge(now(), 1_000);
        assertThat(covering(beganAt(BORN))).singleElement().satisfies(OpeningContract::isBirth);
    }

    @Test
    void a_host_that_trusts_older_tokens_keeps_them() {
        use(fixture().freshStore());
        store().open(trusting(Given.SETTINGS), Given.BIRTH);

        assertThat(covering(beganAt(Given.BIRTH.minus(Duration.ofDays(365))))).isEmpty();
        assertThat(covering(issuedAt(Given.BIRTH.minus(Duration.ofDays(365))))).isEmpty();
        assertThat(store().newestCutOff(alice, now())).isEqualTo(Instant.EPOCH);
    }

    @Test
    void a_trusting_host_still_refuses_tokens_without_any_instant() {
        use(fixture().freshStore());
        store().open(trusting(Given.SETTINGS), Given.BIRTH);

        assertThat(covering(Given.token(alice, "t").build())).singleElement().satisfies(OpeningContract::isBirth);
    }

    @Test
    void opening_again_keeps_the_first_birth() {
        FeedReader reader = caughtUpReader();

        store().open(Given.SETTINGS, now());
        store().open(trusting(Given.SETTINGS), now());

        assertThat(covering(beganAt(BORN))).singleElement().satisfies(OpeningContract::isBirth);
        assertThat(covering(beganAt(BORN.plusMillis(1)))).isEmpty();
        assertThat(reader.readOn()).isEmpty();
    }

    @Test
    void opening_with_another_retention_is_refused_and_changes_nothing() {
        StoreSettings other = new StoreSettings(
                Given.SETTINGS.retention().plusMillis(1),
                Given.SETTINGS.nodeSkew(),
                Given.SETTINGS.endedSessionsKept(),
                false);

        assertThatExceptionOfType(StoreSettingsMismatchException.class).isThrownBy(() -> store().open(other, now()));

        assertThat(revoke(RevocationTarget.subject(alice)).entry().forgetAfter())
                .isEqualTo(now().plus(Given.SETTINGS.nodeSkew()).plus(Given.SETTINGS.retention()));
    }

    @Test
    void the_first_settings_win() {
        store().open(
                        new StoreSettings(Given.SETTINGS.retention(), Duration.ofMinutes(7), Duration.ofDays(1), false),
                        now());

        assertThat(revoke(RevocationTarget.subject(alice)).entry().issuedBefore())
                .isEqualTo(now().plus(Given.SETTINGS.nodeSkew()));
    }

    @Test
    void every_verb_demands_that_the_store_was_opened() {
        SessionStore closed = fixture().freshStore();
        GivenSession session = session(alice).build();
        RevocationRequest request = Given.act(session.target()).build();
        Revocation entry = request.fix(now(), Given.SETTINGS, Given.BIRTH, Optional.empty());
        List<ThrowingCallable> verbs = List.of(
                () -> closed.insert(session.row(), SessionLimit.unlimited(), now()),
                () -> closed.find(session.ref(), now()),
                () -> closed.list(alice, ListQuery.live(1), now()),
                () -> closed.touch(List.of(new Touch(session.ref(), now())), now()),
                () -> closed.rotate(session.ref(), Given.exchange("secret", "next"), now()),
                () -> closed.revoke(request, Precondition.none(), now()),
                () -> closed.revocationsCovering(session.row().facts(), now()),
                () -> closed.newestCutOff(alice, now()),
                () -> closed.record(List.of(entry), now()),
                () -> closed.feed().readAfter(FeedPosition.beginning(), 1, Given.NOW),
                () -> closed.purge(now(), 1));

        assertThat(verbs).allSatisfy(verb -> assertThatIllegalStateException().isThrownBy(verb));
    }

    @Test
    void the_feed_brings_the_births_of_all_buckets() {
        List<Revocation> births = FeedReader.fromBeginning(store().feed()).readOn().stream()
                .filter(FeedEntry.Revoked.class::isInstance)
                .map(entry -> ((FeedEntry.Revoked) entry).revocation())
                .toList();

        assertThat(births).isNotEmpty().allSatisfy(OpeningContract::isBirth);
        assertThat(IntStream.range(0, 200).mapToObj(i -> Given.subject("subject-" + i)))
                .allSatisfy(subject -> assertThat(births)
                        .anyMatch(birth -> birth.covers(
                                Given.token(subject, "t").issuedAt(BORN).build())));
    }

    @Test
    void a_birth_is_never_recorded_again() {
        FeedReader reader = caughtUpReader();
        Revocation birth = RevocationRequest.birth(0, 1, now(), Given.SETTINGS);

        assertThatIllegalArgumentException().isThrownBy(() -> store().record(List.of(birth), now()));

        assertThat(covering(beganAt(now()))).isEmpty();
        assertThat(reader.readOn()).isEmpty();
    }

    @Test
    void a_birth_is_never_revoked() {
        FeedReader reader = caughtUpReader();
        RevocationTarget birth = RevocationTarget.birth(0, 1);

        assertThatIllegalArgumentException().isThrownBy(() -> revoke(birth));

        assertThat(covering(beganAt(now()))).isEmpty();
        assertThat(reader.readOn()).isEmpty();
    }

    private TokenFacts beganAt(Instant began) {
        return Given.session(alice).began(began).build().token("t");
    }

    private TokenFacts issuedAt(Instant instant) {
        SubjectId subject = bob;
        return Given.token(subject, "t")
                .issuedAt(instant)
                .authenticatedAt(instant)
                .build();
    }

    private static StoreSettings trusting(StoreSettings settings) {
        return new StoreSettings(settings.retention(), settings.nodeSkew(), settings.endedSessionsKept(), true);
    }

    private static void isBirth(Revocation revocation) {
        assertThat(revocation.target().kind()).isEqualTo(RevocationTarget.Kind.BIRTH);
        assertThat(revocation.reason()).isEqualTo(RevocationReason.STORE_CREATED);
        assertThat(revocation.actor()).isEqualTo(Actor.system());
        assertThat(revocation.revokedAt()).isEqualTo(Given.BIRTH);
        assertThat(revocation.forgetAfter()).isEqualTo(Revocation.NEVER);
    }
}
