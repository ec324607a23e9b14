package dev.curfew.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.replica.ReceivedRevocations.OwnCall;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.Realm;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReceivedRevocationsTest {
    private static final int MOST_HELD = 100_000;

    private final ReceivedRevocations received = new ReceivedRevocations();
    private final List<Revocation> told = new ArrayList<>();

    @BeforeEach
    void listen() {
        received.listener((entries, at) -> told.addAll(entries));
    }

    @Test
    void what_comes_during_a_call_is_told_without_what_the_call_has_recorded() {
        List<Revocation> entries = entries(3);
        try (OwnCall call = received.begin()) {
            received.learnt(entries, Instant.EPOCH);
            call.acknowledged(entries.subList(0, 1));
            assertThat(told).isEmpty();
        }

        assertThat(told).containsExactlyElementsOf(entries.subList(1, 3));
    }

    @Test
    void a_call_that_hangs_holds_up_no_more_than_the_bound() {
        List<Revocation> first = entries(MOST_HELD);
        OwnCall hanging = received.begin();
        received.learnt(first, Instant.EPOCH);
        assertThat(told).isEmpty();
        received.learnt(entries(2), Instant.EPOCH);
        assertThat(told).hasSize(2);
        hanging.close();
        assertThat(told).hasSize(MOST_HELD + 2);

        OwnCall next = received.begin();
        received.learnt(entries(1), Instant.EPOCH);
        assertThat(told).as("there is room again").hasSize(MOST_HELD + 2);
        next.close();
        assertThat(told).hasSize(MOST_HELD + 3);
    }

    private static List<Revocation> entries(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> Revocation.of(RevocationTarget.realm(Realm.of("realm-" + i)))
                        .revokedAt(Instant.EPOCH)
                        .forgetAfter(Revocation.NEVER)
                        .build())
                .toList();
    }
}
