package dev.curfew.examples.benchmarks;

import dev.curfew.revocation.Actor;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.RevocationTarget.Kind;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.LookupKey;
import dev.curfew.session.Realm;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * As many live revocations as one wants, the same ones for the same seed: of 200, 99 of tokens, 99 of sessions and 2
 * cut-offs of subjects. Immutable.
 *
 * <p>The first ones name the tokens that are to be found revoked; the lookup keys of all others are random, as the
 * hashes of real names are. They were recorded twenty minutes ago, so that no node keeps them in full for others that
 * lost them.
 */
final class GeneratedRevocations {
    private static final int OF = 200;
    private static final Duration AGE = Duration.ofMinutes(20);
    private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;

    private final long seed;
    private final LookupKey realm;
    private final Instant now;
    private final List<TokenFacts> named;

    GeneratedRevocations(long seed, Realm realm, Instant now, List<TokenFacts> named) {
        this.seed = seed;
        this.realm = realm.key();
        this.now = now;
        this.named = List.copyOf(named);
    }

    /** Some of them, from one number on. */
    List<Revocation> range(long from, long to) {
        List<Revocation> entries = new ArrayList<>((int) (to - from));
        for (long number = from; number < to; number++) {
            entries.add(number(number));
        }
        return entries;
    }

    /** One of them. */
    Revocation number(long number) {
        Kind kind = kind(number);
        LookupKey key = number < named.size()
                ? Objects.requireNonNull(key(kind, named.get((int) number)), "a token names all three")
                : new LookupKey(mixed(2 * number), mixed(2 * number + 1));
        Revocation.Builder entry = Revocation.of(new RevocationTarget(kind, key, realm, key.bucket()))
                .because(RevocationReason.USER_LOGOUT, Actor.user())
                .revokedAt(now.minus(AGE))
                .forgetAfter(now.plus(Duration.ofMinutes(120 + Math.floorMod(number, 1_440))));
        return (kind.isCutOff() ? entry.issuedBefore(cutOff(number)) : entry).build();
    }

    /** Of a named subject up to tomorrow, so that its token is covered; else up to now. */
    private Instant cutOff(long number) {
        return number < named.size() ? now.plus(Duration.ofDays(1)) : now;
    }

    private static Kind kind(long number) {
        int rest = (int) (number % OF);
        if (rest < 2) {
            return Kind.SUBJECT;
        }
        return rest % 2 == 0 ? Kind.TOKEN : Kind.SESSION;
    }

    private static @Nullable LookupKey key(Kind kind, TokenFacts facts) {
        return switch (kind) {
            case SUBJECT -> facts.subjectKey();
            case TOKEN -> facts.tokenKey();
            default -> facts.sessionKey();
        };
    }

    /** SplitMix64. */
    private long mixed(long number) {
        long z = seed + GOLDEN * (number + 1);
        z = (z ^ z >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ z >>> 27) * 0x94D0_49BB_1331_11EBL;
        return z ^ z >>> 31;
    }
}
