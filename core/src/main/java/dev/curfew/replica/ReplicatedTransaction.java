package dev.curfew.replica;

import dev.curfew.replica.ReceivedRevocations.OwnCall;
import dev.curfew.session.LookupKey;
import dev.curfew.store.HostTransaction;
import dev.curfew.store.PendingRevocation;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RevokeResult;
import dev.curfew.store.SessionStore;
import java.time.Instant;
import java.util.List;

/** A transaction of the host, what is committed in which is known to this node's index before that is answered. */
record ReplicatedTransaction(HostTransaction transaction, OwnCalls calls) implements HostTransaction {
    @Override
    public SessionStore store() {
        return transaction.store();
    }

    @Override
    public PendingRevocation revoke(RevocationRequest request, Precondition precondition, Instant now) {
        return new Pending(transaction.revoke(request, precondition, now), request.act(), calls);
    }

    private record Pending(PendingRevocation pending, LookupKey act, OwnCalls calls) implements PendingRevocation {
        @Override
        public RevokeResult result() {
            return pending.result();
        }

        @Override
        public RevokeResult committed(Instant now) {
            try (OwnCall call = calls.begin()) {
                RevokeResult result = pending.committed(now);
                if (result instanceof RevokeResult.Recorded recorded) {
                    calls.closed(act, recorded.entry(), now);
                    call.acknowledged(List.of(recorded.entry()));
                }
                return result;
            }
        }
    }
}
