package dev.curfew.redis;

import io.lettuce.core.pubsub.RedisPubSubAdapter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls a listener for each message and for each subscription: what was published while nobody listened is not told again. */
final class HintListener extends RedisPubSubAdapter<byte[], byte[]> {
    private static final Logger LOG = LoggerFactory.getLogger(HintListener.class);

    private final Runnable listener;

    HintListener(Runnable listener) {
        this.listener = listener;
    }

    @Override
    public void message(byte[] channel, byte[] message) {
        hint();
    }

    @Override
    public void subscribed(byte[] channel, long count) {
        hint();
    }

    /** A listener that fails costs nobody the connection. */
    private void hint() {
        try {
            listener.run();
        } catch (RuntimeException e) {
            LOG.warn("the listener to hints failed", e);
        }
    }
}
