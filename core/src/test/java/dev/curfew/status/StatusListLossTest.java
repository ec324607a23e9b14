package dev.curfew.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.contract.Given;
import dev.curfew.contract.ManualClock;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.status.ListWriter.Place;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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

    private ListWriter writer() {
        return new ListWriter(records, LIFE, clock, () -> true, () -> {});
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
}
