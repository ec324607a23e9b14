package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.lease.Lease;
import dev.curfew.lease.LeaseTerms;
import dev.curfew.session.LookupKey;
import dev.curfew.store.RecordKey;
import dev.curfew.store.SessionStore;
import dev.curfew.store.SharedRecords;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The lease over shared records, asked for by real threads on several nodes. */
@Tag("hunt")
@Tag("Leasing")
abstract class LeaseContract extends StoreContract {
    private static final int ASKING = 8;
    private static final Duration SKEW = Given.SETTINGS.nodeSkew();
    private static final LeaseTerms TERMS = LeaseTerms.usual(SKEW, Duration.ofDays(8));
    private static final RecordKey KEY = new RecordKey(LookupKey.of("leases"), LookupKey.of("main"));

    private final Threads threads = new Threads();
    private List<SharedRecords> nodes;

    LeaseContract(Supplier<? extends StoreFixture> fixtures) {
        super(fixtures);
    }

    @BeforeEach
    void needsTheAbility() {
        needs(StoreCapability.SHARED_RECORDS);
        SessionStore other = fixture().capabilities().contains(StoreCapability.SEVERAL_NODES)
                ? opened(fixture().secondNode())
                : store();
        nodes = List.of(
                store().ability(SharedRecords.class).orElseThrow(),
                other.ability(SharedRecords.class).orElseThrow());
    }

    @AfterEach
    void stopThreads() {
        threads.close();
    }

    /** One for each thread, in turn on one node and on the other. */
    private List<Lease> asking() {
        return IntStream.range(0, ASKING)
                .mapToObj(i -> new Lease(nodes.get(i % nodes.size()), KEY, TERMS, clock, clock.ticker()))
                .toList();
    }

    /** All ask at once; answers who holds it. */
    private List<Lease> holders(List<Lease> leases) {
        List<Boolean> answers = threads.atOnce(leases.size(), i -> leases.get(i).hold());
        List<Lease> holders = new ArrayList<>();
        IntStream.range(0, leases.size()).filter(answers::get).forEach(i -> holders.add(leases.get(i)));
        return holders;
    }

    private void expire() {
        clock.advance(TERMS.term().plus(SKEW));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private int rounds() {
        return fixture().rounds() / 8 + 1;
    }

    @Test
    void an_expired_lease_is_taken_once() {
        for (int round = 0; round < rounds(); round++) {
            List<Lease> leases = asking();

            List<Lease> holders = holders(leases);

            assertThat(holders).as("round %s", round).hasSize(1);
            assertThat(leases).filteredOn(lease -> lease.allows(Duration.ZERO)).isEqualTo(holders);
            expire();
        }
    }

    @Test
    void a_lease_that_is_released_is_taken_once() {
        for (int round = 0; round < rounds(); round++) {
            List<Lease> holders = holders(asking());

            assertThat(holders).as("round %s", round).hasSize(1);
            holders.get(0).release();
        }
    }

    @Test
    void each_step_of_the_state_is_made_once_whoever_holds_it() {
        List<Lease> leases = asking();
        for (int round = 1; round <= rounds(); round++) {
            Lease holder = holders(leases).get(0);
            String before = new String(holder.state().orElseThrow(), StandardCharsets.UTF_8);
            assertThat(before).isEqualTo(round == 1 ? "" : "step " + (round - 1));
            byte[] next = bytes("step " + round);

            List<Boolean> advanced =
                    threads.atOnce(leases.size(), i -> leases.get(i).advance(next));

            assertThat(advanced).filteredOn(answer -> answer).hasSize(1);
            expire();
        }
    }

    @Test
    void while_it_is_renewed_nobody_else_takes_it() {
        List<Lease> leases = asking();
        Lease first = leases.get(0);
        assertThat(first.hold()).isTrue();
        for (int round = 0; round < rounds(); round++) {
            clock.advance(TERMS.renewEvery());
            assertThat(first.hold()).isTrue();

            assertThat(holders(leases)).containsExactly(first);
        }
    }
}
