package dev.curfew.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.session.Realm;
import dev.curfew.session.SubjectId;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a set drops when its owner answers for it, what it keeps, and how it counts. */
class RevocationSetRemovalTest {
    private static final Instant AT = Histories.START;
    private static final Instant LATER = AT.plusSeconds(1_000);

    private final RevocationSet set = new RevocationSet();

    @Test
    void remove_if_of_one_target_drops_that_targets_entries_and_no_others() {
        List<Revocation> alice = List.of(cutOff("alice", 1), cutOff("alice", 2), cutOff("alice", 3));
        Revocation bob = cutOff("bob", 1);
        alice.forEach(set::add);
        set.add(bob);

        List<Revocation> dropped = set.removeIf(alice.get(0).target(), entry -> !entry.equals(alice.get(2)));

        assertThat(dropped).containsExactly(alice.get(0), alice.get(1));
        assertThat(set.stream()).containsExactlyInAnyOrder(alice.get(2), bob);
        assertThat(set.size()).isEqualTo(2);
    }

    @Test
    void remove_if_of_a_target_that_is_not_there_drops_nothing() {
        set.add(cutOff("alice", 1));

        assertThat(set.removeIf(cutOff("bob", 1).target(), entry -> true)).isEmpty();
        assertThat(set.size()).isEqualTo(1);
    }

    @Test
    void remove_if_of_any_target_drops_what_it_is_told_to() {
        Revocation kept = cutOff("alice", 2);
        List<Revocation> old = List.of(cutOff("alice", 1), cutOff("bob", 1), cutOff("carol", 1));
        old.forEach(set::add);
        set.add(kept);

        assertThat(set.removeIf(entry -> entry.revokedAt().isBefore(kept.revokedAt())))
                .containsExactlyInAnyOrderElementsOf(old);
        assertThat(set.stream()).containsExactly(kept);
        assertThat(set.size()).isEqualTo(1);
    }

    /** A birth is what refuses the tokens whose revocations a store lost. */
    @Test
    void remove_if_never_drops_a_birth() {
        Revocation birth = birth(0);
        set.add(birth);

        assertThat(set.removeIf(entry -> true)).isEmpty();
        assertThat(set.removeIf(birth.target(), entry -> true)).isEmpty();
        assertThat(set.of(birth.target())).containsExactly(birth);
        assertThat(set.size()).isEqualTo(1);
    }

    @Test
    void of_one_birth_does_not_answer_that_of_another_partition() {
        set.add(birth(0));
        set.add(birth(1));

        assertThat(set.of(birth(1).target())).containsExactly(birth(1));
    }

    /** The limit bounds how long a purge holds up others. */
    @Test
    void purge_drops_no_more_than_its_limit_from_all_targets_together() {
        for (String name : List.of("alice", "bob", "carol")) {
            List.of(1, 2, 3).forEach(second -> set.add(cutOff(name, second)));
        }

        assertThat(set.purge(LATER, 4)).as("all of one and one of another").hasSize(4);
        assertThat(set.size()).isEqualTo(5);
        assertThat(set.purge(LATER, 5)).hasSize(5);
        assertThat(set.stream()).isEmpty();
    }

    private static Revocation cutOff(String subject, int second) {
        return Revocation.of(RevocationTarget.subject(new SubjectId(Realm.of("a"), subject)))
                .revokedAt(AT.plusSeconds(second))
                .forgetAfter(AT.plusSeconds(60 + second))
                .build();
    }

    private static Revocation birth(int partition) {
        return Revocation.of(RevocationTarget.birth(partition, 2))
                .revokedAt(AT)
                .forgetAfter(Revocation.NEVER)
                .build();
    }
}
