package dev.curfew.deliver;

import dev.curfew.store.FeedPosition;
import dev.curfew.store.FeedPosition.Mark;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * How far a lane has come, as bytes in its lease: a format byte, the number of marks, and each mark as a number in
 * groups of seven bits and a hash of eight bytes. The marks of the most partitions that a store may have fit.
 */
final class LaneState {
    private static final int FORMAT = 1;
    private static final int GROUP = 0x7F;
    private static final int MORE = 0x80;
    private static final int BITS = 7;

    private LaneState() {}

    static byte[] encode(FeedPosition position) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(FORMAT);
            number(out, position.marks().size());
            for (Mark mark : position.marks()) {
                number(out, mark.number());
                out.writeLong(mark.hash());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /**
     * Reads a position back. What nobody has written, or nobody here can read, is the beginning: whatever is done from
     * there on may be done twice.
     */
    static FeedPosition decode(byte[] state) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(state))) {
            if (state.length == 0 || in.readUnsignedByte() != FORMAT) {
                return FeedPosition.beginning();
            }
            long count = number(in);
            List<Mark> marks = new ArrayList<>();
            for (long i = 0; i < count; i++) {
                marks.add(new Mark(number(in), in.readLong()));
            }
            return in.available() > 0 ? FeedPosition.beginning() : new FeedPosition(marks);
        } catch (IOException e) {
            return FeedPosition.beginning();
        }
    }

    private static void number(DataOutputStream out, long number) throws IOException {
        long rest = number;
        while ((rest & ~GROUP) != 0) {
            out.writeByte((int) (rest & GROUP) | MORE);
            rest >>>= BITS;
        }
        out.writeByte((int) rest);
    }

    private static long number(DataInputStream in) throws IOException {
        long number = 0;
        for (int shift = 0; shift < Long.SIZE; shift += BITS) {
            int group = in.readUnsignedByte();
            number |= (long) (group & GROUP) << shift;
            if (group < MORE) {
                return number;
            }
        }
        throw new IOException("a number of more than 64 bits");
    }
}
