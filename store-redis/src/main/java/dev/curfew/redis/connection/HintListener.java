package dev.curfew.redis.connection;

import dev.curfew.meter.TroubleLog;
import dev.curfew.session.FailureText;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.pubsub.RedisPubSubAdapter;

/**
 * Calls a listener for each message and for each subscription: what was published while nobody listened is not told
 * again.
 */
final class HintListener extends RedisPubSubAdapter<byte[], byte[]> {
    private final TroubleLog failing = new TroubleLog(
            HintListener.class, "the listener to hints failed", "the listener to hints works again", System::nanoTime);

    private final TroubleLog unheard = new TroubleLog(
            HintListener.class,
            "no hints come, so that polling alone brings what is new",
            "hints come",
            System::nanoTime);

    private final Runnable listener;

    HintListener(Runnable listener) {
        this.listener = listener;
    }

    /** Without them polling alone brings what is new; a connection that is lost subscribes again by itself. */
    void refused(Throwable failure) {
        if (failure instanceof RedisCommandExecutionException) {
            unheard.failed(FailureText.of(failure) + Advice.of(failure));
        }
    }

    @Override
    public void message(byte[] channel, byte[] message) {
        hint();
    }

    @Override
    public void subscribed(byte[] channel, long count) {
        unheard.worked();
        hint();
    }

    /** A listener that fails costs nobody the connection. */
    private void hint() {
        try {
            listener.run();
            failing.worked();
        } catch (RuntimeException e) {
            failing.failed(e);
        }
    }
}
