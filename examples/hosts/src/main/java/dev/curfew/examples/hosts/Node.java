package dev.curfew.examples.hosts;

import java.net.URI;

/**
 * A host that runs, for {@link HostContract}.
 *
 * @param uri where it is, with the context path and without a slash at the end
 * @param stop stops it, and frees its port
 */
public record Node(URI uri, Runnable stop) implements AutoCloseable {
    @Override
    public void close() {
        stop.run();
    }
}
