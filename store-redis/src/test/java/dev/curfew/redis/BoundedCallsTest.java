package dev.curfew.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.redis.connection.BoundedCalls;
import dev.curfew.redis.connection.ReadCommand;
import dev.curfew.redis.connection.RedisPort;
import dev.curfew.redis.connection.Script;
import io.lettuce.core.RedisCommandExecutionException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Readings that are sent together keep their order when some have to be sent again. */
class BoundedCallsTest {
    private final List<List<ReadCommand>> sent = new ArrayList<>();
    private final List<ReadCommand> reads = List.of(read("a"), read("b"), read("c"));

    @Test
    void from_the_first_that_failed_on_all_are_sent_again() {
        List<List<byte[]>> answers =
                new BoundedCalls(Duration.ofSeconds(5), () -> {}).read("check", new LoadingOnce(), reads);

        assertThat(sent).containsExactly(reads, reads.subList(1, 3));
        assertThat(answers.stream().map(answer -> new String(answer.get(0), StandardCharsets.US_ASCII)))
                .containsExactly("first", "again", "again");
    }

    private static ReadCommand read(String key) {
        return ReadCommand.wholeHash(key.getBytes(StandardCharsets.US_ASCII));
    }

    /** Refuses the second of the first three readings. */
    private final class LoadingOnce implements RedisPort {
        @Override
        public List<? extends CompletableFuture<List<byte[]>>> send(List<ReadCommand> together) {
            sent.add(List.copyOf(together));
            boolean isFirst = sent.size() == 1;
            List<byte[]> answer = List.of((isFirst ? "first" : "again").getBytes(StandardCharsets.US_ASCII));
            List<CompletableFuture<List<byte[]>>> answers = new ArrayList<>();
            for (int i = 0; i < together.size(); i++) {
                answers.add(
                        isFirst && i == 1
                                ? CompletableFuture.failedFuture(
                                        new RedisCommandExecutionException("LOADING the dataset"))
                                : CompletableFuture.completedFuture(answer));
            }
            return answers;
        }

        @Override
        public CompletionStage<Object> run(Script script, List<byte[]> keys, List<byte[]> args) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<Object> runDurably(
                Script script, List<byte[]> keys, List<byte[]> args, int replicas, long timeoutMillis) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<List<String>> config(String parameter) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<List<String>> info(String section) {
            throw new UnsupportedOperationException();
        }

        @Override
        public AutoCloseable listen(byte[] channel, Runnable listener) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void lookForServers() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {
            throw new UnsupportedOperationException();
        }
    }
}
