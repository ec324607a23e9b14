package dev.curfew.status;

import dev.curfew.session.LookupKey;
import dev.curfew.store.StoreFullException;
import dev.curfew.store.UndecodableRecordException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * All lists of an issuer that still say something, the one that is being filled last. It stands in one record, so that
 * whoever takes a block, opens a list or keeps one for longer compares and sets that. Immutable.
 *
 * @param lists in the order in which they were opened
 */
record ListDirectory(List<ListState> lists) {
    static final ListDirectory EMPTY = new ListDirectory(List.of());

    /** So many fit into a record: 67 million tokens. */
    static final int MOST_LISTS = 512;

    private static final byte FORMAT = 1;
    private static final int LIST_BYTES =
            2 * LookupKey.BYTES + Long.BYTES + Short.BYTES + ListState.MOST_BLOCKS / Byte.SIZE;

    /** For how long a list that is over stands there, in case that the clock of who looks is wrong. */
    private static final Duration OVER = Duration.ofHours(1);

    ListDirectory {
        lists = List.copyOf(lists);
    }

    Optional<ListState> find(LookupKey id) {
        return lists.stream().filter(list -> list.id().equals(id)).findFirst();
    }

    /** The list that has room, which may be one that nobody knows yet. */
    ListState filling() {
        ListState last = lists.isEmpty() ? null : lists.get(lists.size() - 1);
        return last == null || last.isFull() ? ListState.fresh() : last;
    }

    /**
     * With a list in place of the one of the same id, or behind all others.
     *
     * @throws StoreFullException if there are as many as fit
     */
    ListDirectory with(ListState next) {
        List<ListState> all = new ArrayList<>(lists);
        all.replaceAll(list -> list.id().equals(next.id()) ? next : list);
        if (find(next.id()).isEmpty()) {
            all.add(next);
        }
        if (all.size() > MOST_LISTS) {
            throw new StoreFullException(MOST_LISTS + " status lists of " + ListState.ENTRIES + " tokens each");
        }
        return new ListDirectory(all);
    }

    /** Without those that were over long enough ago. */
    ListDirectory without(Instant now) {
        return new ListDirectory(
                lists.stream().filter(list -> !list.isOver(now.minus(OVER))).toList());
    }

    /** Until when any of them is kept. */
    Instant keptUntil() {
        return lists.stream()
                .map(ListState::keptUntil)
                .max(Instant::compareTo)
                .orElse(Instant.EPOCH)
                .plus(OVER);
    }

    byte[] encode() {
        ByteBuffer out = ByteBuffer.allocate(1 + lists.size() * LIST_BYTES).put(FORMAT);
        for (ListState list : lists) {
            out.put(list.id().toBytes())
                    .put(list.seed().toBytes())
                    .putLong(list.keptUntil().toEpochMilli())
                    .putShort((short) list.blocks())
                    .put(bits(list.open()));
        }
        return out.array();
    }

    static ListDirectory decode(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (bytes.length == 0 || in.get() != FORMAT || in.remaining() % LIST_BYTES != 0) {
            throw new UndecodableRecordException("the directory of status lists is damaged, or of a later version");
        }
        List<ListState> lists = new ArrayList<>();
        while (in.hasRemaining()) {
            lists.add(new ListState(key(in), key(in), Instant.ofEpochMilli(in.getLong()), in.getShort(), numbers(in)));
        }
        return new ListDirectory(lists);
    }

    private static byte[] bits(Set<Integer> numbers) {
        BitSet bits = new BitSet();
        numbers.forEach(bits::set);
        return Arrays.copyOf(bits.toByteArray(), ListState.MOST_BLOCKS / Byte.SIZE);
    }

    private static Set<Integer> numbers(ByteBuffer in) {
        byte[] bits = new byte[ListState.MOST_BLOCKS / Byte.SIZE];
        in.get(bits);
        return BitSet.valueOf(bits).stream().boxed().collect(Collectors.toSet());
    }

    private static LookupKey key(ByteBuffer in) {
        return new LookupKey(in.getLong(), in.getLong());
    }
}
