package dev.curfew.redis.connection;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.RedisCommand;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether what one connection answers comes from a primary. Thread-safe.
 *
 * <p>A question goes in front of what is read, in the same packet: {@code ROLE}, or {@code INFO replication} from the
 * first time on that {@code ROLE} is forbidden. It speaks for what follows it on the same connection only, so that an
 * answer that came over another connection than it counts for nothing. Nodes of a cluster need no question: a replica
 * sends whoever asks it for a key to its master.
 */
final class PrimaryCheck {
    private static final long BETWEEN_RECONNECTS_NANOS = Duration.ofSeconds(1).toNanos();

    private final StatefulConnection<byte[], byte[]> connection;
    private final AtomicLong losses = new AtomicLong();
    private final AtomicLong reconnected = new AtomicLong(System.nanoTime() - BETWEEN_RECONNECTS_NANOS);
    private volatile boolean asksInfo;

    PrimaryCheck(StatefulConnection<byte[], byte[]> connection) {
        this.connection = connection;
        connection.addListener(new RedisConnectionStateListener() {
            @Override
            public void onRedisDisconnected(RedisChannelHandler<?, ?> lost) {
                losses.incrementAndGet();
            }
        });
    }

    /** A question in front of a packet. Immutable. */
    final class Question {
        private final long lossesBefore = losses.get();
        private final boolean isInfo = asksInfo;
        private final AsyncCommand<byte[], byte[], String> command = new AsyncCommand<>(new Command<>(
                isInfo ? CommandType.INFO : CommandType.ROLE,
                new FirstText(),
                isInfo
                        ? new CommandArgs<>(ByteArrayCodec.INSTANCE).add("replication")
                        : new CommandArgs<>(ByteArrayCodec.INSTANCE)));

        RedisCommand<byte[], byte[], String> command() {
            return command;
        }

        /** An answer of the same packet, once it is known to be a primary's. Whoever cancels it cancels its command. */
        <T> CompletableFuture<T> before(CompletableFuture<T> answer) {
            CompletableFuture<T> result = new CompletableFuture<>();
            CompletionStage<String> roles = command;
            CompletionStage<T> answers = answer;
            roles.whenComplete((role, trouble) -> answers.whenComplete((value, failure) -> {
                Throwable why = failure != null ? failure : trouble != null ? troubleOf(trouble) : doubt(role);
                if (why == null) {
                    result.complete(value);
                } else {
                    result.completeExceptionally(why);
                }
            }));
            CompletableFuture<T> unused = result.whenComplete((value, failure) -> {
                if (result.isCancelled()) {
                    answer.cancel(true);
                    command.cancel(true);
                }
            });
            return result;
        }

        private @Nullable NotPrimaryException doubt(String role) {
            if (!role.equals("master") && !role.contains("role:master")) {
                lookElsewhere();
                return new NotPrimaryException("this Redis server is a replica: what it says may be old");
            }
            return losses.get() == lossesBefore
                    ? null
                    : new NotPrimaryException(
                            "the connection was lost between what is read and the role of its server");
        }

        private Throwable troubleOf(Throwable failure) {
            String message = String.valueOf(failure.getMessage());
            boolean isForbidden = failure instanceof RedisCommandExecutionException
                    && (message.startsWith("NOPERM") || message.startsWith("ERR unknown command"));
            if (!isForbidden) {
                return failure;
            }
            if (isInfo) {
                return new RedisCommandExecutionException(
                        "NOPERM neither ROLE nor INFO is allowed, so that nobody knows whether this server "
                                + "is a primary: grant +role");
            }
            asksInfo = true;
            return new NotPrimaryException("ROLE is forbidden: INFO is asked from now on");
        }
    }

    Question ask() {
        return new Question();
    }

    /** The address, or Sentinel, may name another server by now: a connection that ends is made anew. */
    private void lookElsewhere() {
        long before = reconnected.get();
        long now = System.nanoTime();
        if (now - before >= BETWEEN_RECONNECTS_NANOS && reconnected.compareAndSet(before, now)) {
            connection.dispatch(new AsyncCommand<>(new Command<>(
                    CommandType.QUIT,
                    new StatusOutput<>(ByteArrayCodec.INSTANCE),
                    new CommandArgs<>(ByteArrayCodec.INSTANCE))));
        }
    }

    /** The first text of an answer, whatever stands behind it. */
    private static final class FirstText extends CommandOutput<byte[], byte[], String> {
        private boolean isKnown;

        FirstText() {
            super(ByteArrayCodec.INSTANCE, "");
        }

        @Override
        public void set(@Nullable ByteBuffer bytes) {
            if (!isKnown && bytes != null) {
                isKnown = true;
                output = StandardCharsets.US_ASCII.decode(bytes).toString();
            }
        }

        @Override
        public void set(long number) {
            // An offset.
        }

        @Override
        public void multi(int count) {
            // Nesting is not kept.
        }
    }
}
