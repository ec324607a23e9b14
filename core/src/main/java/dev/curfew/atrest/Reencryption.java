package dev.curfew.atrest;

import dev.curfew.crypto.SecretHash;
import dev.curfew.crypto.UndecodablePayloadException;
import dev.curfew.meter.DamagedRows;
import dev.curfew.store.PayloadChange;
import dev.curfew.store.PayloadCursor;
import dev.curfew.store.PayloadPage;
import dev.curfew.store.PayloadRewriting;
import dev.curfew.store.ReencryptionResult;
import dev.curfew.store.SessionStore;
import dev.curfew.store.StoredPayload;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Walks through a store and encrypts with the current key what is not. Thread-safe. */
public final class Reencryption {
    private final SessionStore store;
    private final StoredPayloads payloads;
    private final DamagedRows unreadable;

    /**
     * Makes the job.
     *
     * @param store able to rewrite payloads, else nothing can be encrypted anew
     * @param payloads how payloads are written and read
     * @param unreadable hears of rows that stay as they are
     */
    public Reencryption(SessionStore store, StoredPayloads payloads, DamagedRows unreadable) {
        this.store = store;
        this.payloads = payloads;
        this.unreadable = unreadable;
    }

    public ReencryptionResult run(PayloadCursor from, int limit, Instant now) {
        PayloadRewriting rewriting = requireRewriting();
        PayloadPage page = rewriting.payloads(from, limit, now);
        List<PayloadChange> changes = new ArrayList<>();
        int failed = 0;
        for (StoredPayload row : page.payloads()) {
            if (isCurrent(row)) {
                continue;
            }
            try {
                changes.add(new PayloadChange(row, payload(row), credential(row)));
            } catch (UndecodablePayloadException e) {
                SessionRows.report(unreadable, row.session(), e);
                failed++;
            }
        }
        int rewritten = changes.isEmpty() ? 0 : rewriting.replace(changes, now);
        return new ReencryptionResult(
                page.payloads().size(), rewritten, failed, page.next().orElse(null));
    }

    private boolean isCurrent(StoredPayload row) {
        return payloads.isCurrent(row.payload()) && payloads.credentials().isCurrent(row.credential());
    }

    private byte[] payload(StoredPayload row) {
        return payloads.isCurrent(row.payload()) ? row.payload() : payloads.rewrite(row.session(), row.payload());
    }

    private byte[] credential(StoredPayload row) {
        byte[] stored = row.credential();
        if (payloads.credentials().isCurrent(stored)) {
            return stored;
        }
        SecretHash secret = row.secretHash()
                .orElseThrow(() -> new UndecodablePayloadException("session credential lacks its secret", null));
        return payloads.credentials().rewrite(row.session(), secret, stored);
    }

    private PayloadRewriting requireRewriting() {
        if (!payloads.areEncrypted()) {
            throw new IllegalStateException("reencrypt needs encryption(...): there is no key to encrypt with");
        }
        return store.ability(PayloadRewriting.class)
                .orElseThrow(() -> new UnsupportedOperationException("this store does not implement PayloadRewriting"));
    }
}
