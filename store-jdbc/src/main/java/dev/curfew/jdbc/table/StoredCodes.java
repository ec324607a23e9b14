package dev.curfew.jdbc.table;

import dev.curfew.revocation.Actor;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What stored codes stand for, looked up without a search, because a node that starts reads all revocations. Immutable.
 */
final class StoredCodes {
    /** All codes are below. */
    private static final int END = 128;

    private static final List<Optional<RevocationTarget.Kind>> KINDS = table(RevocationTarget.Kind::ofCode);
    private static final List<Optional<RevocationReason>> REASONS = table(RevocationReason::ofCode);
    private static final List<Optional<Actor.Kind>> ACTORS = table(Actor.Kind::ofCode);
    private static final List<Optional<Actor>> NAMELESS =
            ACTORS.stream().map(kind -> kind.map(known -> new Actor(known, ""))).toList();

    private StoredCodes() {}

    /** Null if a newer version wrote it. */
    static RevocationTarget.@Nullable Kind kind(int code) {
        return at(KINDS, code);
    }

    static @Nullable RevocationReason reason(int code) {
        return at(REASONS, code);
    }

    /** Most actors have no name, and then are a few values. */
    static @Nullable Actor actor(int code, String id) {
        Actor.Kind kind = at(ACTORS, code);
        return kind == null || id.isEmpty() ? at(NAMELESS, code) : new Actor(kind, id);
    }

    private static <T> @Nullable T at(List<Optional<T>> table, int code) {
        return code < 0 || code >= END ? null : table.get(code).orElse(null);
    }

    private static <T> List<Optional<T>> table(IntFunction<Optional<T>> ofCode) {
        return IntStream.range(0, END).mapToObj(ofCode).toList();
    }
}
