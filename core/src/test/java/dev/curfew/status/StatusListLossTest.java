package dev.curfew.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.contract.Given;
import dev.curfew.contract.ManualClock;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.status.ListWriter.Place;
import dev.curfew.store.StoreUnavailableException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What writers and readers of lists do about a store that loses its last writes, or fails between two of them. */
class StatusListLossTest {
    private static final Duration LIFE = Duration.ofHours(1);
    private static final Duration SHORT = Duration.ofMinutes(5);

    private final ManualClock clock = ManualClock.at(Given.NOW);
    private final LossyRecords store = new LossyRecords();
    private final ListRecords records = new ListRecords(store, URI.create("https://issuer.example/statuslists/"));
    private final ListWriter writer = writer();
    private final List<Thread> threads = new ArrayList<>();

    private ListWriter writer() {
        return new ListWriter(
                records, LIFE, () -> new Reading(clock.ticker().getAsLong(), clock.instant()), () -> true, () -> {});
    }

    private Place add(ListWriter by, String name) {
        return add(by, name, SHORT);
    }

    private Place add(ListWriter by, String name, Duration life) {
        return by.add(facts(name), clock.instant().plus(life));
    }

    private List<Place> add(ListWriter by, String name, int tokens) {
        return IntStream.range(0, tokens).mapToObj(i -> add(by, name + i)).toList();
    }

    private static TokenFacts facts(String name) {
        return TokenFacts.in(Given.REALM)
                .subject(Given.subject(name))
                .issuedAt(Given.NOW)
                .build();
    }

    /** The only one, as the directory has it. */
    private ListState list() {
        List<ListState> lists = records.directory(clock.instant()).value().lists();
        assertThat(lists).hasSize(1);
        return lists.get(0);
    }

    private ListEntries reader() {
        return new ListEntries(list(), clock.ticker());
    }

    private void refresh(ListEntries reader) {
        reader.refresh(list(), records, clock.instant());
    }

    /** Whether a reader invalidates these places where all that it knows is revoked. */
    private boolean knows(ListEntries reader, List<Place> places) {
        refresh(reader);
        reader.judge(clock.instant(), facts -> true);
        StatusList statuses = reader.statuses();
        return places.stream().allMatch(place -> statuses.get(place.index()) == 1);
    }

    @Test
    void a_node_that_finds_another_one_in_its_block_does_not_give_it_back() {
        add(writer, "a", 256);
        add(writer, "lost");
        ListWriter other = writer();
        store.lose(2);
        List<Place> places = new ArrayList<>(List.of(add(other, "b")));

        places.add(add(writer, "c"));

        assertThat(list().open()).contains(1, 2);
        ListEntries reader = reader();
        refresh(reader);
        places.addAll(add(other, "d", 40));
        assertThat(places).doesNotHaveDuplicates();
        assertThat(knows(reader, places)).isTrue();
    }

    @Test
    void a_block_that_the_directory_does_not_know_is_read_all_the_same() {
        add(writer, "a", 256);
        add(writer, "lost");
        store.lose(2);

        List<Place> places = add(writer, "b", 31);

        assertThat(list().blocks()).isEqualTo(1);
        assertThat(knows(reader(), places)).isTrue();
    }

    @Test
    void a_node_whose_block_the_directory_does_not_know_takes_it_again_before_the_next_page() {
        add(writer, "a", 256);
        add(writer, "lost");
        store.lose(2);
        List<Place> places = new ArrayList<>(add(writer, "b", 31));

        places.addAll(add(writer, "c", 40));

        assertThat(list().open()).contains(1);
        assertThat(places).doesNotHaveDuplicates();
        assertThat(knows(reader(), places)).isTrue();
    }

    @Test
    void a_node_whose_block_the_directory_does_not_know_takes_it_again_before_it_keeps_the_list_for_longer() {
        add(writer, "a", 256);
        add(writer, "lost");
        store.lose(2);
        clock.advance(Duration.ofMinutes(65));

        List<Place> places = List.of(add(writer, "b", LIFE));

        assertThat(list().open()).contains(1);
        assertThat(knows(reader(), places)).isTrue();
    }

    /** What it knows has the version of the mark by which the page was closed. */
    @Test
    void a_node_that_was_idle_reads_its_page_again_before_it_writes() {
        add(writer, "a", 2);
        add(writer, "lost");
        store.lose(1);
        ListEntries reader = reader();
        refresh(reader);
        clock.advance(Duration.ofMinutes(61));
        refresh(reader);

        List<Place> places = List.of(add(writer, "b"));

        assertThat(knows(reader, places)).isTrue();
    }

    @Test
    void whoever_closes_a_page_writes_back_what_the_store_has_lost_of_it() {
        List<Place> places = List.of(add(writer, "a", LIFE), add(writer, "b", LIFE), add(writer, "lost", LIFE));
        ListEntries reader = reader();
        refresh(reader);
        store.lose(1);
        refresh(reader);
        clock.advance(Duration.ofMinutes(61));
        refresh(reader);

        assertThat(knows(reader(), places)).isTrue();
        assertThat(records.page(list(), 0, clock.instant()).value().entries()).hasSize(3);
        assertThat(records.page(list(), 0, clock.instant()).value().isClosed()).isTrue();
    }

    /** Else its page looks free once it is forgotten, and whoever looks may have closed the block before it. */
    @Test
    void a_list_that_is_kept_for_longer_does_not_keep_a_page_whose_write_has_failed() {
        add(writer, "a", EntryPage.PLACES + 1);
        clock.advance(Duration.ofMinutes(115));
        store.failWritesAfter(1);
        assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> add(writer, "failed", LIFE));
        store.recover();
        clock.advance(Duration.ofMinutes(16));
        assertThat(records.page(list(), 1, clock.instant()).version())
                .as("forgotten")
                .isZero();
        ListEntries reader = reader();
        refresh(reader);
        clock.advance(Duration.ofMinutes(61));
        refresh(reader);

        List<Place> places = List.of(add(writer, "b"));

        assertThat(knows(reader, places)).isTrue();
    }

    @Test
    void a_first_load_that_fails_is_gone_on_with_where_it_was() {
        ListState list = fresh(38);
        for (int number = 0; number < 300; number++) {
            write(list, number, page("page " + number, EntryPage.PLACES));
        }
        ListEntries reader = new ListEntries(list, clock.ticker());
        store.failListingsAfter(1);
        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> reader.refresh(list, records, clock.instant()));
        store.recover();
        assertThat(store.listings()).isEqualTo(2);

        reader.refresh(list, records, clock.instant());

        assertThat(store.listings()).isEqualTo(1);
        reader.judge(clock.instant(), facts -> true);
        assertThat(IntStream.range(0, ListState.ENTRIES)
                        .map(reader.statuses()::get)
                        .sum())
                .isEqualTo(300 * EntryPage.PLACES);
    }

    private ListState fresh(int blocks) {
        ListState list = ListState.fresh().kept(clock.instant().plus(Duration.ofHours(2)));
        for (int i = 0; i < blocks; i++) {
            list = list.withBlock();
        }
        return list;
    }

    private EntryPage page(String name, int tokens) {
        return EntryPage.EMPTY.with(IntStream.range(0, tokens)
                .mapToObj(i -> new EntryPage.Entry(
                        facts(name + " " + i), clock.instant().plus(LIFE)))
                .toList());
    }

    private void write(ListState list, int number, EntryPage page) {
        long version = records.page(list, number, clock.instant()).version();
        assertThat(records.write(list, number, version, page, clock.instant())).isTrue();
    }

    @Test
    void an_error_leaves_nobody_who_shared_the_write_without_an_answer() throws Exception {
        add(writer, "a");
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch all = new CountDownLatch(1);
        store.beforeNextWrite(() -> {
            inside.countDown();
            awaitIt(all);
            store.beforeNextWrite(() -> {
                throw new OutOfMemoryError("of this test");
            });
        });
        List<CompletableFuture<Throwable>> answers = new ArrayList<>();
        answers.add(failure("b"));
        awaitIt(inside);
        answers.add(failure("c"));
        answers.add(failure("d"));
        for (int i = 0;
                i < 1_000 && threads.stream().skip(1).anyMatch(thread -> thread.getState() != Thread.State.WAITING);
                i++) {
            LockSupport.parkNanos(10_000_000);
        }
        all.countDown();

        assertThat(answers.get(0).get(20, TimeUnit.SECONDS)).isNull();
        assertThat(List.of(
                        answers.get(1).get(20, TimeUnit.SECONDS), answers.get(2).get(20, TimeUnit.SECONDS)))
                .hasAtLeastOneElementOfType(OutOfMemoryError.class)
                .hasAtLeastOneElementOfType(StoreUnavailableException.class);
        assertThat(add(writer, "e")).isNotNull();
    }

    private static void awaitIt(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Of a token that another thread adds; null if there is none. */
    private CompletableFuture<Throwable> failure(String name) {
        CompletableFuture<Throwable> answer = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                add(writer, name);
                answer.complete(null);
            } catch (Throwable e) {
                answer.complete(e);
            }
        });
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
        return answer;
    }

    @Test
    void a_page_that_cannot_be_closed_stays_open_and_the_list_is_read_all_the_same() {
        List<Place> places = add(writer, "a", 2);
        ListEntries reader = reader();
        refresh(reader);
        clock.advance(Duration.ofMinutes(61));
        store.failWritesAfter(0);
        refresh(reader);
        store.recover();
        assertThat(records.page(list(), 0, clock.instant()).value().isClosed()).isFalse();

        refresh(reader);

        assertThat(records.page(list(), 0, clock.instant()).value().isClosed()).isTrue();
        assertThat(places).isNotEmpty();
    }

    @Test
    void a_list_that_is_over_is_read_and_nothing_is_closed_in_it() {
        add(writer, "a", 2);
        ListState list = list();
        ListEntries reader = new ListEntries(list, clock.ticker());
        reader.refresh(list, records, clock.instant());
        clock.advance(Duration.ofHours(3));

        reader.refresh(list, records, clock.instant());
        reader.refresh(list, records, clock.instant());
        clock.advance(Duration.ofHours(3));
        reader.refresh(list, records, clock.instant());

        assertThat(records.page(list, 0, clock.instant()).version()).isZero();
    }

    @Test
    void where_a_full_page_was_lost_and_filled_anew_both_count() {
        ListState list = fresh(1);
        EntryPage second = page("second", EntryPage.PLACES);
        ListEntries reader = new ListEntries(list, clock.ticker());
        write(list, 0, page("first", EntryPage.PLACES));
        reader.refresh(list, records, clock.instant());
        write(list, 0, second);
        for (int i = 0; i < 3; i++) {
            reader.refresh(list, records, clock.instant());
        }

        reader.judge(
                clock.instant(),
                one -> one.subjectKey().equals(second.entries().get(7).facts().subjectKey()));

        int index = new IndexPermutation(list.seed()).index(7);
        assertThat(reader.statuses().get(index)).isEqualTo(1);
        assertThat(reader.statuses().get(new IndexPermutation(list.seed()).index(8)))
                .isZero();
    }

    @Test
    void what_was_taken_for_forgotten_by_a_clock_that_was_ahead_is_read_again() {
        ListState list = fresh(1).withoutOpen(0);
        write(list, 0, page("a", 5));
        ListEntries reader = new ListEntries(list, clock.ticker());
        reader.refresh(list, records, list.keptUntil().plusSeconds(1));

        reader.refresh(list, records, clock.instant());

        reader.judge(clock.instant(), facts -> true);
        assertThat(reader.statuses().get(new IndexPermutation(list.seed()).index(4)))
                .isEqualTo(1);
    }

    @Test
    void a_page_that_was_read_and_does_not_open_any_more_hides_none_before_it() {
        ListState list = fresh(3);
        for (int number = 8; number < 16; number++) {
            write(list, number, page("page " + number, EntryPage.PLACES));
        }
        ListEntries reader = new ListEntries(list, clock.ticker());
        reader.refresh(list, records, clock.instant());
        write(list, 0, page("a", 1));
        store.makeUnreadable(8);

        reader.refresh(list, records, clock.instant());

        reader.judge(clock.instant(), facts -> true);
        assertThat(reader.statuses().get(new IndexPermutation(list.seed()).index(0)))
                .isEqualTo(1);
    }
}
