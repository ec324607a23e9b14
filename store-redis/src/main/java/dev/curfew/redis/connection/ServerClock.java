package dev.curfew.redis.connection;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/** The clock of the server: the one place where its time comes in, so that tests can replace it. Thread-safe. */
public interface ServerClock {
    /** What the server itself says. */
    ServerClock REAL = new ServerClock() {
        @Override
        public byte[] forScript(Instant now) {
            return new byte[0];
        }

        @Override
        public Instant reading(List<byte[]> time, Instant now) {
            return Instant.ofEpochSecond(number(time.get(0)), number(time.get(1)) * 1_000);
        }

        private static long number(byte[] text) {
            return Long.parseLong(new String(text, StandardCharsets.US_ASCII));
        }
    };

    /** What a script is to take for the server's clock, in milliseconds; nothing if it asks the server. */
    byte[] forScript(Instant now);

    /** What the two parts of an answer to TIME say. */
    Instant reading(List<byte[]> time, Instant now);
}
