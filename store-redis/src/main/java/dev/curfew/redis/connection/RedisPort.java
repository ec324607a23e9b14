package dev.curfew.redis.connection;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The few commands that the store sends, alike over one server, Sentinel and a cluster. Thread-safe. */
public interface RedisPort extends AutoCloseable {
    /** Runs a script by its digest, and sends its text if the server does not know it. */
    CompletionStage<Object> run(Script script, List<byte[]> keys, List<byte[]> args);

    /** As {@link #run}, and then demands that so many replicas have it. */
    CompletionStage<Object> runDurably(
            Script script, List<byte[]> keys, List<byte[]> args, int replicas, long timeoutMillis);

    /** Sends readings in one go. */
    List<? extends CompletableFuture<List<byte[]>>> send(List<ReadCommand> reads);

    /** A setting of each server that holds data; fails where servers do not tell. */
    CompletionStage<List<String>> config(String parameter);

    /** A section of INFO, of each server that holds data; fails where servers do not tell. */
    CompletionStage<List<String>> info(String section);

    /** Calls a listener for each message on a channel, and whenever the subscription stands anew. */
    AutoCloseable listen(byte[] channel, Runnable listener);

    /** Looks, soon and in the background, whether other servers hold the data now. */
    void lookForServers();

    @Override
    void close();
}
