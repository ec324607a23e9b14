package dev.curfew.testkit;

import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** What goes wrong before or after some verbs of a store. Immutable. */
final class StoreFault {
    private static final Set<String> READS = Set.of(
            "find",
            "list",
            "revocationsCovering",
            "newestCutOff",
            "readAfter",
            "sessionsOf",
            "payloads",
            "countLive",
            "readRecord",
            "listRecords");
    private static final Set<String> WRITES = Set.of(
            "open",
            "insert",
            "touch",
            "rotate",
            "revoke",
            "record",
            "purge",
            "replace",
            "erase",
            "writeRecord",
            "removeRecord");
    private static final StoreFault NONE = new StoreFault(Set.of(), StoreFault::nothing, StoreFault::nothing);

    private final Set<String> verbs;
    private final Consumer<String> before;
    private final Consumer<String> after;

    private StoreFault(Set<String> verbs, Consumer<String> before, Consumer<String> after) {
        this.verbs = verbs;
        this.before = before;
        this.after = after;
    }

    static StoreFault none() {
        return NONE;
    }

    static StoreFault before(String[] verbs, Consumer<String> what) {
        return new StoreFault(known(verbs), what, StoreFault::nothing);
    }

    static StoreFault after(String[] verbs, Consumer<String> what) {
        return new StoreFault(known(verbs), StoreFault::nothing, what);
    }

    /** The same, but for a verb that goes on working. */
    StoreFault sparing(String verb) {
        Set<String> others = new TreeSet<>(verbs);
        others.remove(verb);
        return new StoreFault(others, before, after);
    }

    static boolean writes(String verb) {
        return WRITES.contains(verb);
    }

    boolean hits(String verb) {
        return verbs.contains(verb);
    }

    void begin(String verb) {
        if (verbs.contains(verb)) {
            before.accept(verb);
        }
    }

    void end(String verb) {
        if (verbs.contains(verb)) {
            after.accept(verb);
        }
    }

    private static void nothing(String verb) {}

    private static Set<String> known(String[] verbs) {
        Set<String> all = new TreeSet<>(READS);
        all.addAll(WRITES);
        if (verbs.length == 0) {
            return all;
        }
        Set<String> chosen = Set.of(verbs);
        if (!all.containsAll(chosen)) {
            throw new IllegalArgumentException("verbs of a store are " + all + ", but given was " + chosen);
        }
        return chosen;
    }
}
