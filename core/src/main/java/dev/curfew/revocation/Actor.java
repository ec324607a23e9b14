package dev.curfew.revocation;

import java.util.Objects;
import java.util.Optional;

/**
 * Who revoked: the subject itself, somebody with power over it, or no person at all. Immutable.
 *
 * @param kind the sort of actor
 * @param id the host's own reference to an administrator or a rule, empty for a user; at most 64 bytes of printable
 *     ASCII, because it is stored in clear with the revocation
 */
public record Actor(Kind kind, String id) {
    private static final int MAX_ID = 64;

    /**
     * The sort of actor, as CAEP's {@code initiating_entity} has it. The codes are stored and never change their
     * meaning.
     */
    public enum Kind {
        /** The subject. */
        USER(1),
        /** An administrator. */
        ADMIN(2),
        /** A rule of the host. */
        POLICY(3),
        /** The library or the host's machinery. */
        SYSTEM(4);

        private static final Kind[] ALL = values();

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        /** {@return the number that stores write, 1 to 127} */
        public int code() {
            return code;
        }

        /**
         * Reads a stored number.
         *
         * @param code what was stored
         * @return the kind, or nothing if a newer version wrote it
         */
        public static Optional<Kind> ofCode(int code) {
            for (Kind kind : ALL) {
                if (kind.code == code) {
                    return Optional.of(kind);
                }
            }
            return Optional.empty();
        }
    }

    /** Each revocation is built from it, and a node that starts builds all of them. */
    private static final Actor SYSTEM = new Actor(Kind.SYSTEM, "");

    /** Checks the reference. */
    public Actor {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(id, "id");
        if (id.length() > MAX_ID || !isPrintable(id)) {
            throw new IllegalArgumentException("actor id must be at most 64 printable ASCII characters");
        }
    }

    private static boolean isPrintable(String id) {
        for (int i = 0; i < id.length(); i++) {
            if (id.charAt(i) <= ' ' || id.charAt(i) >= 0x7F) {
                return false;
            }
        }
        return true;
    }

    /** {@return the subject itself} */
    public static Actor user() {
        return new Actor(Kind.USER, "");
    }

    /**
     * An administrator.
     *
     * @param id the host's reference to that person, preferably a pseudonym
     * @return the actor
     */
    public static Actor admin(String id) {
        return new Actor(Kind.ADMIN, id);
    }

    /**
     * A rule of the host.
     *
     * @param id the rule's name
     * @return the actor
     */
    public static Actor policy(String id) {
        return new Actor(Kind.POLICY, id);
    }

    /** {@return the library or the host's machinery} */
    public static Actor system() {
        return SYSTEM;
    }
}
