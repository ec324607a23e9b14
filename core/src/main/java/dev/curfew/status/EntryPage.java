package dev.curfew.status;

import dev.curfew.revocation.TokenFacts;
import dev.curfew.store.UndecodableRecordException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The tokens of 32 places of a list, as they stand in one record; the first ones are filled first. Immutable.
 *
 * @param entries of the first places
 * @param isClosed whether no more come, neither here nor in the pages of the same block behind it
 */
record EntryPage(List<Entry> entries, boolean isClosed) {
    static final int PLACES = 32;
    static final EntryPage EMPTY = new EntryPage(List.of(), false);

    private static final byte FORMAT = 1;
    private static final int HEAD = 3;

    EntryPage {
        entries = List.copyOf(entries);
    }

    /**
     * A token.
     *
     * @param facts by which the rule judges it
     * @param expiresAt from when on it is good nowhere
     */
    record Entry(TokenFacts facts, Instant expiresAt) {
        /** To the millisecond, as it is written. */
        Entry {
            expiresAt = Instant.ofEpochMilli(expiresAt.toEpochMilli());
        }

        boolean isSame(Entry other) {
            return expiresAt.equals(other.expiresAt) && Arrays.equals(facts.toBytes(), other.facts.toBytes());
        }
    }

    /** Whether these places hold what others do, as far as those go. */
    static boolean startsWith(List<Entry> entries, List<Entry> first) {
        boolean isSo = first.size() <= entries.size();
        for (int i = 0; isSo && i < first.size(); i++) {
            isSo = entries.get(i).isSame(first.get(i));
        }
        return isSo;
    }

    int room() {
        return isClosed ? 0 : PLACES - entries.size();
    }

    /** Whether this page stays as it is. */
    boolean isFinal() {
        return room() == 0;
    }

    EntryPage with(List<Entry> more) {
        List<Entry> all = new ArrayList<>(entries);
        all.addAll(more);
        return new EntryPage(all, isClosed);
    }

    EntryPage closed() {
        return new EntryPage(entries, true);
    }

    byte[] encode() {
        List<byte[]> facts =
                entries.stream().map(entry -> entry.facts().toBytes()).toList();
        int bytes = HEAD
                + facts.stream().mapToInt(one -> Long.BYTES + 1 + one.length).sum();
        ByteBuffer out = ByteBuffer.allocate(bytes)
                .put(FORMAT)
                .put((byte) (isClosed ? 1 : 0))
                .put((byte) entries.size());
        for (int i = 0; i < entries.size(); i++) {
            out.putLong(entries.get(i).expiresAt().toEpochMilli())
                    .put((byte) facts.get(i).length)
                    .put(facts.get(i));
        }
        return out.array();
    }

    /**
     * Reads a page back.
     *
     * @throws UndecodableRecordException if it is damaged, or of a version that this one does not know
     */
    static EntryPage decode(byte[] bytes) {
        try {
            ByteBuffer in = ByteBuffer.wrap(bytes);
            int format = in.get();
            int flags = in.get();
            int count = in.get();
            List<Entry> entries = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                Instant expiresAt = Instant.ofEpochMilli(in.getLong());
                byte[] facts = new byte[in.get()];
                in.get(facts);
                entries.add(new Entry(TokenFacts.fromBytes(facts), expiresAt));
            }
            if (format == FORMAT && (flags & ~1) == 0 && count >= 0 && count <= PLACES && !in.hasRemaining()) {
                return new EntryPage(entries, flags == 1);
            }
        } catch (BufferUnderflowException | IllegalArgumentException | NegativeArraySizeException e) {
            // As below.
        }
        throw new UndecodableRecordException("a page of a status list is damaged, or of a later version");
    }
}
