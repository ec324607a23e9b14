package dev.curfew.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.curfew.session.Seeds;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The property that all rests on: nothing that happens to a set turns REVOKED into ACTIVE before its time. */
class RevokedStaysRevokedTest {
    /** Tokens with and without instants, own and foreign sessions, exempt ones, purges while the clock goes on. */
    @Test
    void adding_a_revocation_never_turns_revoked_into_active() {
        Seeds.forAll(1_500, 20_000, random -> {
            Histories histories = new Histories(random);
            List<TokenFacts> tokens = histories.facts(12);
            RevocationSet set = new RevocationSet();
            List<Revocation> known = new ArrayList<>(histories.revocations(1));
            Instant now = Histories.START;
            long revoked = 0;
            for (int step = 0; step < 40; step++) {
                boolean[] before = answers(set, tokens, now);
                Revocation next = switch (random.nextInt(4)) {
                    case 0 -> Seeds.oneOf(random, known);
                    case 1 -> histories.cousin(Seeds.oneOf(random, known));
                    default -> histories.revocation();
                };
                known.add(next);
                set.add(next);
                revoked += assertNoneRevived(before, answers(set, tokens, now));
                now = now.plusMillis(random.nextInt(300));
                if (Seeds.percent(random, 15)) {
                    boolean[] beforePurge = answers(set, tokens, now);
                    set.purge(now, 1 + random.nextInt(5));
                    assertThat(answers(set, tokens, now))
                            .as("a purge changes nothing")
                            .isEqualTo(beforePurge);
                }
            }
            return revoked;
        });
    }

    @Test
    void what_is_covered_stays_covered_until_the_entry_is_forgotten() {
        Seeds.forAll(1_500, 20_000, random -> {
            Histories histories = new Histories(random);
            List<TokenFacts> tokens = histories.facts(12);
            Instant[] until = new Instant[tokens.size()];
            Arrays.fill(until, Instant.MIN);
            RevocationSet set = new RevocationSet();
            Instant now = Histories.START;
            long revoked = 0;
            for (int step = 0; step < 30; step++) {
                Revocation next = histories.revocation();
                set.add(next);
                for (int i = 0; i < until.length; i++) {
                    boolean longer = next.covers(tokens.get(i)) && until[i].isBefore(next.forgetAfter());
                    until[i] = longer ? next.forgetAfter() : until[i];
                    boolean expected = now.isBefore(until[i]);
                    if (set.coversAny(tokens.get(i), now) != expected) {
                        fail("token %s is revoked: %s, although it should be: %s", i, !expected, expected);
                    }
                    revoked += expected ? 1 : 0;
                }
                now = now.plusMillis(random.nextInt(300));
                if (Seeds.percent(random, 25)) {
                    set.purge(now, 1 + random.nextInt(5));
                }
            }
            return revoked;
        });
    }

    private static boolean[] answers(RevocationSet set, List<TokenFacts> tokens, Instant now) {
        boolean[] answers = new boolean[tokens.size()];
        for (int i = 0; i < answers.length; i++) {
            answers[i] = set.coversAny(tokens.get(i), now);
        }
        return answers;
    }

    private static long assertNoneRevived(boolean[] before, boolean[] after) {
        long revoked = 0;
        for (int i = 0; i < before.length; i++) {
            if (before[i] && !after[i]) {
                fail("token %s was revoked and is active", i);
            }
            revoked += before[i] ? 1 : 0;
        }
        return revoked;
    }
}
