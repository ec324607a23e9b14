package dev.curfew.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.curfew.check.RevocationDecision;
import dev.curfew.revocation.Histories;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget.Kind;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.Seeds;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The index against the plain rule, over random histories: whatever it holds in whatever form, it answers what the rule
 * says.
 */
class RevocationIndexTwinTest {
    private static final int STEPS = 40;

    private final RevokedDecisions decisions = new RevokedDecisions(Duration.ofSeconds(5));

    /**
     * Every kind of target, exempt sessions, facts with parts missing, entries that are forgotten, sweeps while time
     * goes on.
     */
    @Test
    void answers_what_the_rule_says() {
        Seeds.forAll(2_000, 40_000, random -> {
            Histories histories = new Histories(random);
            List<TokenFacts> tokens = histories.facts(15);
            RevocationIndex index = new RevocationIndex(decisions, new ReplicaListeners());
            List<Revocation> added = new ArrayList<>();
            Instant now = Histories.START.minus(Duration.ofMinutes(1));
            long revoked = 0;
            for (int step = 0; step < STEPS; step++) {
                Revocation next = wholeMinutes(random, next(random, histories, added));
                added.add(next);
                index.add(next, now);
                revoked += compare(index, added, tokens, now);
                now = now.plusSeconds(random.nextInt(40));
                if (Seeds.percent(random, 30)) {
                    index.sweep(now);
                }
                revoked += compare(index, added, tokens, now);
            }
            return revoked;
        });
    }

    private static Revocation next(Random random, Histories histories, List<Revocation> added) {
        return added.isEmpty() || Seeds.percent(random, 60)
                ? histories.revocation()
                : histories.cousin(Seeds.oneOf(random, added));
    }

    /** The index keeps the end of an entry in minutes, rounded up; on whole minutes it is exact. */
    private static Revocation wholeMinutes(Random random, Revocation revocation) {
        Revocation.Builder copy = Revocation.of(revocation.target())
                .issuedBefore(revocation.issuedBefore())
                .because(
                        Seeds.oneOf(random, RevocationReason.USER_LOGOUT, RevocationReason.TOKEN_REUSE),
                        revocation.actor())
                .revokedAt(revocation.revokedAt())
                .forgetAfter(
                        revocation.target().kind() == Kind.BIRTH || Seeds.percent(random, 20)
                                ? Revocation.NEVER
                                : Histories.START.plus(Duration.ofMinutes(random.nextInt(15))));
        // A birth spares nobody.
        revocation
                .exempt()
                .filter(session -> revocation.target().kind() != Kind.BIRTH)
                .ifPresent(copy::exempt);
        return copy.build();
    }

    private static long compare(RevocationIndex index, List<Revocation> added, List<TokenFacts> tokens, Instant now) {
        long revoked = 0;
        for (TokenFacts facts : tokens) {
            List<Revocation> covering = added.stream()
                    .filter(entry -> !entry.isForgotten(now) && entry.covers(facts))
                    .toList();
            RevocationDecision decision = index.find(facts, now.toEpochMilli());
            if ((decision == null) != covering.isEmpty()) {
                fail("the index says %s, the rule %s, of %s", decision, covering, facts);
            }
            if (decision != null) {
                revoked++;
                assertThat(decision.isLiftedByReauthentication())
                        .as("lifted by a new login")
                        .isEqualTo(covering.stream().allMatch(entry -> entry.isLiftedByReauthentication(facts)));
                assertThat(added.stream().filter(entry -> entry.covers(facts)).map(Revocation::reason))
                        .contains(decision.reason().orElseThrow());
            }
        }
        return revoked;
    }
}
