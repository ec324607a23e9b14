package dev.curfew.memory;

import dev.curfew.store.PayloadChange;
import dev.curfew.store.PayloadCursor;
import dev.curfew.store.PayloadPage;
import dev.curfew.store.PayloadRewriting;
import dev.curfew.store.StoredPayload;
import dev.curfew.store.StoredSession;
import java.util.Collection;
import java.util.List;

/** Walks the payloads of a table in the order of the keys, and exchanges them. Under the lock of its owner. */
final class PayloadWalk {
    private PayloadWalk() {}

    static PayloadPage page(SessionTable sessions, PayloadCursor from, int limit) {
        List<StoredPayload> page = sessions.behind(from.key().orElse(null)).stream()
                .limit(PayloadRewriting.requireLimit(limit))
                .map(StoredPayload::of)
                .toList();
        return page.size() < limit
                ? PayloadPage.last(page)
                : PayloadPage.of(page, PayloadCursor.after(page.get(limit - 1).session()));
    }

    static int replace(SessionTable sessions, Collection<PayloadChange> batch) {
        int replaced = 0;
        for (PayloadChange change : batch) {
            StoredSession row = sessions.get(change.expected().session());
            if (row == null) {
                continue;
            }
            if (change.isDone(row)) {
                replaced++;
            } else if (change.expects(row)) {
                sessions.put(row.toBuilder()
                        .payload(change.next())
                        .credential(change.nextCredential())
                        .build());
                replaced++;
            }
        }
        return replaced;
    }
}
