package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.SessionLimit;
import dev.curfew.store.FeedEntry;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.FeedRead;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The feed: complete from every position, page by page, and honest about places that are gone. */
@Tag("Feeding")
abstract class RevocationFeedContract extends StoreContract {
    private static final Duration HOUR = Duration.ofHours(1);

    RevocationFeedContract(Supplier<? extends StoreFixture> fixtures) {
        super(fixtures);
    }

    @Test
    void the_feed_is_the_same_at_each_call() {
        assertThat(store().feed()).isSameAs(store().feed());
    }

    @Test
    void from_the_beginning_everything_that_was_acknowledged_is_read() {
        Set<Revocation> recorded = recordSome(25);

        assertThat(FeedReader.fromBeginning(store().feed()).revocations()).isEqualTo(recorded);
    }

    @Test
    void whatever_the_limit_the_pages_are_complete() {
        Set<Revocation> recorded = recordSome(12);

        for (int limit : new int[] {1, 2, 3, 11, 12, 13, 14, 1_000}) {
            FeedReader reader = FeedReader.fromBeginning(store().feed()).readingAtMost(limit);
            assertThat(reader.revocations()).as("limit %s", limit).isEqualTo(recorded);
        }
    }

    @Test
    void from_every_earlier_position_the_rest_is_read() {
        FeedReader reader = caughtUpReader();
        List<FeedPosition> positions = new ArrayList<>(List.of(reader.position()));
        List<Revocation> recorded = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            recorded.add(
                    revoke(RevocationTarget.subject(Given.subject("s" + i))).entry());
            reader.readOn();
            positions.add(reader.position());
        }

        for (int i = 0; i < positions.size(); i++) {
            FeedReader late = FeedReader.from(store().feed(), positions.get(i)).readingAtMost(3);
            assertThat(late.revocations()).as("position %s", i).containsAll(recorded.subList(i, recorded.size()));
        }
    }

    @Test
    void a_position_can_be_read_from_again_and_again() {
        FeedReader reader = caughtUpReader();
        FeedPosition position = reader.position();
        Revocation entry = revoke(RevocationTarget.subject(alice)).entry();

        assertThat(FeedReader.from(store().feed(), position).revocations()).containsExactly(entry);
        assertThat(FeedReader.from(store().feed(), position).revocations()).containsExactly(entry);
    }

    @Test
    void a_reader_that_is_caught_up_reads_nothing_until_something_is_recorded() {
        recordSome(3);
        FeedReader reader = caughtUpReader();

        FeedRead.Page nothing = reader.page();
        assertThat(nothing.entries()).isEmpty();
        assertThat(nothing.isCaughtUp()).isTrue();
        assertThat(nothing.undecodable()).isZero();

        Revocation entry = revoke(RevocationTarget.subject(alice)).entry();
        assertThat(reader.page().entries()).containsOnly(new FeedEntry.Revoked(entry));
        assertThat(reader.readOn()).isEmpty();
    }

    @Test
    void a_reader_is_not_caught_up_while_more_stands_there() {
        FeedReader reader = caughtUpReader().readingAtMost(2);
        Set<Revocation> missing = recordSome(5);

        while (!missing.isEmpty()) {
            FeedRead.Page page = reader.page();
            missing.removeAll(FeedReader.revocationsOf(page.entries()));
            if (!missing.isEmpty()) {
                assertThat(page.isCaughtUp()).isFalse();
                assertThat(page.entries()).isNotEmpty();
            }
        }
    }

    @Test
    void refused_and_repeated_acts_leave_nothing_on_the_feed() {
        GivenSession session = loggedIn(alice);
        revoke(session.target());
        FeedReader reader = caughtUpReader();

        revoke(session.target());
        store().touch(List.of(), now());
        store().find(session.ref(), now());
        store().newestCutOff(alice, now());
        loggedIn(bob);

        assertThat(reader.readOn()).isEmpty();
    }

    @Test
    void a_position_of_another_store_is_a_gap() {
        recordSome(6);
        FeedPosition elsewhere = caughtUpReader().position();
        use(opened(fixture().freshStore()));
        recordSome(3);
        assertGap(elsewhere);

        recordSome(6);
        assertGap(elsewhere);
    }

    @Test
    void a_number_that_was_given_to_another_entry_is_a_gap() {
        recordSome(3);
        FeedPosition position = caughtUpReader().position();

        for (int i = 0; i < position.marks().size(); i++) {
            FeedPosition.Mark mark = position.marks().get(i);
            assertGap(replaced(position, i, new FeedPosition.Mark(mark.number(), mark.hash() + 1)));
        }
        assertThat(store().feed().readAfter(position, 10, Given.NOW)).isInstanceOf(FeedRead.Page.class);
    }

    @Test
    void a_number_that_was_never_given_is_a_gap() {
        recordSome(3);
        FeedPosition position = caughtUpReader().position();
        FeedPosition.Mark mark = position.marks().get(0);

        assertGap(replaced(position, 0, new FeedPosition.Mark(mark.number() + 1_000_000, mark.hash())));
    }

    @Test
    void a_position_with_another_number_of_partitions_is_a_gap() {
        recordSome(3);
        List<FeedPosition.Mark> marks =
                new ArrayList<>(caughtUpReader().position().marks());
        marks.add(marks.get(0));

        assertGap(new FeedPosition(marks));
    }

    @Test
    void a_place_that_was_purged_is_a_gap_and_a_reload_brings_everything_live() {
        Revocation shortLived = token("short", HOUR);
        FeedReader lagging = caughtUpReader();
        Revocation cutOff = revoke(RevocationTarget.subject(alice)).entry();
        Revocation longLived = token("long", Duration.ofDays(50));
        caughtUpReader();
        clock.set(shortLived.forgetAfter().plus(HOUR));

        store().purge(now(), 1_000);

        assertGap(lagging.position());
        assertThat(FeedReader.fromBeginning(store().feed()).revocations()).containsExactlyInAnyOrder(cutOff, longLived);
    }

    @Test
    void a_place_that_was_not_purged_yet_is_none() {
        Revocation shortLived = token("short", HOUR);
        FeedReader lagging = caughtUpReader();
        Revocation cutOff = revoke(RevocationTarget.subject(alice)).entry();
        caughtUpReader();
        clock.set(shortLived.forgetAfter().plus(HOUR).minusMillis(1));

        store().purge(now(), 1_000);

        assertThat(lagging.revocations()).containsExactly(cutOff);
    }

    @Test
    void the_newest_entry_is_never_purged() {
        Revocation shortLived = token("short", HOUR);
        FeedReader reader = caughtUpReader();
        clock.advance(Duration.ofDays(50));
        store().purge(now(), 1_000);
        store().purge(now(), 1_000);

        assertThat(reader.readOn()).isEmpty();
        assertThat(isCovered(Given.token(alice, "short").issuedAt(now()).build()))
                .isFalse();

        Revocation next = revoke(RevocationTarget.subject(alice)).entry();
        assertThat(reader.revocations()).containsExactly(next).doesNotContain(shortLived);
    }

    @Test
    void what_was_once_the_newest_entry_is_purged_later() {
        token("short", HOUR);
        caughtUpReader();
        clock.advance(Duration.ofDays(50));
        store().purge(now(), 1_000);
        Revocation next = revoke(RevocationTarget.subject(alice)).entry();
        caughtUpReader();

        clock.advance(HOUR.plusMillis(1));
        store().purge(now(), 1_000);

        assertThat(FeedReader.fromBeginning(store().feed()).revocations()).containsExactly(next);
    }

    @Test
    void a_notice_of_an_exchanged_secret_is_kept_for_an_hour() {
        GivenSession session = insert(session(alice).secret("first").build());
        store().rotate(session.ref(), Given.exchange("first", "second").withNotice(), now());
        FeedEntry notice = new FeedEntry.Rotated(session.row().key());
        revoke(RevocationTarget.subject(alice));
        caughtUpReader();

        clock.advance(HOUR.minusMillis(1));
        store().purge(now(), 1_000);
        assertThat(FeedReader.fromBeginning(store().feed()).readOn()).contains(notice);

        clock.advance(Duration.ofMillis(2));
        store().purge(now(), 1_000);
        assertThat(FeedReader.fromBeginning(store().feed()).readOn()).doesNotContain(notice);
    }

    @Test
    void after_a_gap_a_reload_brings_what_the_limit_ended_as_well() {
        GivenSession first = loggedIn(alice);
        clock.advance(Duration.ofSeconds(1));
        insert(session(alice).build(), SessionLimit.endOldestBeyond(1));

        Set<Revocation> reloaded = new HashSet<>(
                FeedReader.fromBeginning(store().feed()).readingAtMost(1).revocations());

        assertThat(reloaded)
                .singleElement()
                .satisfies(entry -> assertThat(entry.target()).isEqualTo(first.target()));
    }

    private void assertGap(FeedPosition position) {
        assertThat(store().feed().readAfter(position, 10, Given.NOW)).isEqualTo(new FeedRead.Gap());
    }

    private static FeedPosition replaced(FeedPosition position, int index, FeedPosition.Mark mark) {
        List<FeedPosition.Mark> marks = new ArrayList<>(position.marks());
        marks.set(index, mark);
        return new FeedPosition(marks);
    }

    private Revocation token(String jti, Duration life) {
        return revoke(Given.act(Given.tokenTarget(alice, jti))
                        .forgetAfter(now().plus(life))
                        .build())
                .entry();
    }

    private Set<Revocation> recordSome(int count) {
        Set<Revocation> recorded = new HashSet<>();
        for (int i = 0; i < count; i++) {
            recorded.add(revoke(Given.tokenTarget(Given.subject("s" + i), "jti-" + recorded.size() + "-" + now()))
                    .entry());
            clock.advance(Duration.ofMillis(1));
        }
        return recorded;
    }
}
