package dev.curfew.memory;

import dev.curfew.session.LookupKey;
import dev.curfew.store.PayloadChange;
import dev.curfew.store.PayloadCursor;
import dev.curfew.store.PayloadPage;
import dev.curfew.store.PayloadRewriting;
import dev.curfew.store.StoredPayload;
import dev.curfew.store.StoredSession;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Walks the payloads of a table in the order of the keys, and exchanges them. Under the lock of its owner. */
final class PayloadWalk {
    private PayloadWalk() {}

    static PayloadPage page(SessionTable sessions, PayloadCursor from, int limit) {
        LookupKey after = from.key().orElse(null);
        List<StoredPayload> page = sessions.all().stream()
                .filter(row -> isBehind(row, after))
                .sorted(Comparator.comparing(StoredSession::key))
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

    private static boolean isBehind(StoredSession row, @Nullable LookupKey place) {
        return place == null || row.key().compareTo(place) > 0;
    }
}
