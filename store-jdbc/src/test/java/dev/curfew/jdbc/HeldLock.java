package dev.curfew.jdbc;

import dev.curfew.contract.Given;
import dev.curfew.contract.GivenSession;
import dev.curfew.jdbc.audit.AuditSinks;
import dev.curfew.jdbc.audit.JdbcAuditSink;
import dev.curfew.revocation.Actor;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.SessionId;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.FeedRead;
import dev.curfew.store.ListQuery;
import dev.curfew.store.PayloadChange;
import dev.curfew.store.PayloadCursor;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevocationFeed;
import dev.curfew.store.Touch;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The locks that an act of the store or of the audit trail keeps from one statement to the next. */
enum HeldLock {
    SUBJECT_BY_LOGIN("INSERT INTO \\w+_session\\b") {
        @Override
        void act(Node node) {
            Stores.login(node.store(), ALICE);
        }
    },
    SUBJECT_BY_REVOCATION("INSERT INTO \\w+_revocation\\b") {
        @Override
        void act(Node node) {
            revokeAll(node, ALICE);
        }
    },
    SUBJECT_BY_ROTATION("UPDATE \\w+_session s SET secret_hash") {
        @Override
        void act(Node node) {
            node.store().rotate(session(node), Given.exchange("secret", "next"), Given.NOW);
        }
    },
    SESSION_BY_TOUCH("UPDATE \\w+_session\\b[^;]* last_seen_at") {
        @Override
        void act(Node node) {
            node.store().touch(List.of(new Touch(session(node), Given.NOW.plusSeconds(60))), Given.NOW.plusSeconds(60));
        }
    },
    SESSION_BY_PAYLOAD("UPDATE \\w+_session SET payload") {
        @Override
        void act(Node node) {
            var read = node.store()
                    .payloads(PayloadCursor.start(), 1, Given.NOW)
                    .payloads()
                    .get(0);
            node.store().replace(List.of(new PayloadChange(read, new byte[] {7})), Given.NOW);
        }
    },
    REVOCATION_BY_RECORD("INSERT INTO \\w+_revocation\\b") {
        @Override
        void act(Node node) {
            node.store().record(List.of(ENTRY), Given.NOW);
        }
    },
    FEED_BY_NUMBERING("UPDATE \\w+_revocation SET position") {
        @Override
        void act(Node node) {
            revokeAll(node, Given.subject("bob"));
            RevocationFeed follower = node.store().feed().follower();
            FeedPosition before = numberedUpTo(follower);
            for (int i = 0; i < 3; i++) {
                numberedUpTo(follower);
                follower.upkeep(Given.NOW, () -> true);
            }
            // Nobody waits for this lock: whoever meets it leaves the numbering to its holder.
            if (numberedUpTo(follower).equals(before)) {
                throw new StillThere();
            }
        }
    },
    SESSION_BY_PURGE("DELETE FROM \\w+_session\\b") {
        @Override
        void act(Node node) {
            node.store().purge(LATER, 100);
            if (node.store()
                            .list(ALICE, ListQuery.all(10), Given.NOW)
                            .sessions()
                            .size()
                    > 0) {
                throw new StillThere();
            }
        }
    },
    PLACE_BY_PURGE("UPDATE \\w+_state\\b") {
        @Override
        void act(Node node) {
            node.store().purge(LATER, 100);
        }
    },
    TABLES_BY_MIGRATION("INSERT INTO \\w+_migration\\b") {
        @Override
        void act(Node node) {
            node.store().migrate();
        }
    },
    AUDIT_CHAIN_BY_APPEND("INSERT INTO \\w+_audit\\b") {
        @Override
        void act(Node node) {
            node.sink().write(AuditSinks.records("new", 2));
        }
    },
    AUDIT_CHAIN_BY_PURGE("DELETE FROM \\w+_audit\\b") {
        @Override
        void act(Node node) {
            node.sink().purge(LATER.plus(Duration.ofDays(400)), 1);
        }
    };

    /** What a purge may not have done yet because somebody holds the row; it leaves out what is locked. */
    static final class StillThere extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /**
     * What takes part.
     *
     * @param store opened, unless it is about the tables
     * @param sink of a chained trail
     */
    record Node(JdbcSessionStore store, JdbcAuditSink sink) {}

    private static final SubjectId ALICE = Given.subject("alice");
    private static final Instant LATER = Given.NOW.plus(Duration.ofDays(60));
    private static final Revocation ENTRY = Revocation.of(RevocationTarget.realm(Given.REALM))
            .because(RevocationReason.USER_LOGOUT, Actor.system())
            .revokedAt(Given.NOW)
            .issuedBefore(Given.NOW)
            .forgetAfter(Given.NOW.plus(Duration.ofDays(1)))
            .build();

    /** What was executed last when the lock is held, in a transaction that was not committed. */
    private final String pattern;

    HeldLock(String pattern) {
        this.pattern = pattern;
    }

    /** Takes the lock and gives it back; another node does the same. */
    abstract void act(Node node);

    String pattern() {
        return pattern;
    }

    String prefix(String base) {
        return base + name().toLowerCase(java.util.Locale.ROOT) + "_";
    }

    /** Makes the tables and what the act needs. */
    void prepare(Node node) {
        if (this == TABLES_BY_MIGRATION) {
            return;
        }
        node.store().migrate();
        node.store().open(Given.SETTINGS, Given.BIRTH);
        node.sink().migrate();
        node.sink().write(AuditSinks.records("old", 4));
        if (this != SUBJECT_BY_LOGIN) {
            GivenSession session = Given.session(ALICE).secret("secret").build();
            node.store().insert(session.row(), dev.curfew.session.SessionLimit.unlimited(), Given.NOW);
        }
    }

    private static SessionRef session(Node node) {
        SessionId id = node.store()
                .list(ALICE, ListQuery.all(1), Given.NOW)
                .sessions()
                .get(0)
                .session()
                .id()
                .orElseThrow();
        return SessionRef.of(ALICE, id);
    }

    private static void revokeAll(Node node, SubjectId subject) {
        node.store().revoke(Given.act(RevocationTarget.subject(subject)).build(), Precondition.none(), Given.NOW);
    }

    private static FeedPosition numberedUpTo(RevocationFeed feed) {
        FeedRead read = feed.readAfter(FeedPosition.beginning(), 100, Given.NOW);
        return ((FeedRead.Page) read).next();
    }
}
