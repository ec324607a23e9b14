package dev.curfew.watch;

import dev.curfew.check.RevocationDecision;
import dev.curfew.revocation.RevocationReason;
import java.util.Objects;
import java.util.Optional;

/**
 * What has become of a credential that is watched. Immutable.
 *
 * @param kind what it is
 * @param reason of the revocation, for {@link Kind#REVOKED}; nothing if a newer version has recorded it for a reason
 *     that this one does not know
 */
public record WatchNews(Kind kind, Optional<RevocationReason> reason) {
    /** The sorts of news. */
    public enum Kind {
        /** The credential is revoked: its connection is to be closed. The last news. */
        REVOKED,

        /**
         * What stands in the session has changed: its secret, its attributes, or what the person has proven. Whoever
         * keeps any of that with the connection looks again, by a credential that the client sends anew. It may come
         * more than once for one change, and after a gap in the feed it comes to every watch with a session, because
         * nobody can say then which of them were missed.
         */
        RENEWED,

        /**
         * Time has ended it: the token, or the session at its absolute end, or, for who called with a session token,
         * because it was idle. The last news.
         */
        ENDED_BY_TIME,

        /**
         * This node is older than it may be, because the store cannot be reached or has lost data: until {@link #SURE},
         * what is revoked elsewhere is heard of late. What this node knows to be revoked is still told.
         */
        UNSURE,

        /** This node is up to date again, and the credential is not revoked. */
        SURE,

        /**
         * Nothing more will be heard, and nobody knows what becomes of the credential: the service is closed, or the
         * watcher cannot be told. The connection is to be closed, so that its client comes again. The last news.
         */
        CLOSED;

        /** {@return whether nothing comes after it} */
        public boolean isLast() {
            return this == REVOKED || this == ENDED_BY_TIME || this == CLOSED;
        }
    }

    static final WatchNews RENEWED = new WatchNews(Kind.RENEWED, Optional.empty());
    static final WatchNews ENDED_BY_TIME = new WatchNews(Kind.ENDED_BY_TIME, Optional.empty());
    static final WatchNews UNSURE = new WatchNews(Kind.UNSURE, Optional.empty());
    static final WatchNews SURE = new WatchNews(Kind.SURE, Optional.empty());
    static final WatchNews CLOSED = new WatchNews(Kind.CLOSED, Optional.empty());

    /** Refuses null. */
    public WatchNews {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(reason, "reason");
    }

    static WatchNews revoked(RevocationReason reason) {
        return new WatchNews(Kind.REVOKED, Optional.of(reason));
    }

    static WatchNews revoked(RevocationDecision decision) {
        return new WatchNews(Kind.REVOKED, decision.reason());
    }

    /** {@return whether nothing comes after it} */
    public boolean isLast() {
        return kind.isLast();
    }
}
