package dev.curfew.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.store.StoreUnavailableException;
import java.time.Duration;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What tests of outages expect of calls: a failure in time, and an answer once the database is back. */
public final class Patience {
    private static final int TRIES = 100;

    private Patience() {}

    /** The call fails as an outage, and not much later than {@link Stores#TIMEOUT}. */
    public static void endsInTime(ThrowingCallable call) {
        long begin = System.nanoTime();
        assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(call);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Stores.TIMEOUT.plus(Stores.GRACE));
    }

    /** One of the next tries answers. */
    public static <T> T eventually(Supplier<T> call) {
        StoreUnavailableException last = null;
        for (int i = 0; i < TRIES; i++) {
            try {
                return call.get();
            } catch (StoreUnavailableException e) {
                last = e;
            }
        }
        throw new AssertionError("still unavailable", last);
    }

    /** The same of a call that answers nothing. */
    public static void eventually(Runnable call) {
        eventually(() -> {
            call.run();
            return true;
        });
    }
}
