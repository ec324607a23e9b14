package dev.curfew.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import dev.curfew.contract.Given;
import dev.curfew.jdbc.audit.AuditSinks;
import dev.curfew.jdbc.audit.JdbcAuditSink;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/**
 * A process that takes every {@link HeldLock} at once, each in a transaction of its own, and says so just before it
 * would commit. It goes on when a line comes in, and then says of each act whether it was done.
 */
final class SilentNode {
    static final String HOLDS = "holds ";
    static final String DONE = "done ";
    static final String FAILED = "failed ";

    private static final Pattern WITH_COMMIT = Pattern.compile("; COMMIT$");
    private static final CountDownLatch GO_ON = new CountDownLatch(1);

    private SilentNode() {}

    /** The URL, and the beginning of all prefixes. */
    public static void main(String[] arguments) throws Exception {
        List<Thread> threads = new ArrayList<>();
        try (HikariDataSource pool = Pools.of(arguments[0], HeldLock.values().length + 2)) {
            for (HeldLock lock : HeldLock.values()) {
                Thread thread = new Thread(() -> hold(pool, lock, lock.prefix(arguments[1])), lock.name());
                thread.start();
                threads.add(thread);
            }
            if (System.in.read() >= 0) {
                GO_ON.countDown();
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }

    static HeldLock.Node node(DataSource source, String prefix, Duration timeout) {
        return new HeldLock.Node(
                Stores.on(source, prefix).callTimeout(timeout).build(),
                JdbcAuditSink.on(source)
                        .prefix(prefix)
                        .chained(AuditSinks.KEY)
                        .callTimeout(timeout)
                        .build());
    }

    private static void hold(DataSource pool, HeldLock lock, String prefix) {
        try {
            Pattern pattern = Pattern.compile(lock.pattern());
            HeldLock.Node node = node(
                    source(pool, sql -> pattern.matcher(sql).find(), () -> holdOn(lock)),
                    prefix,
                    Duration.ofSeconds(50));
            if (lock != HeldLock.TABLES_BY_MIGRATION) {
                node.store().open(Given.SETTINGS, Given.BIRTH);
            }
            lock.act(node);
            say(DONE + lock);
        } catch (Exception e) {
            say(FAILED + lock + " " + e.getClass().getName());
        }
    }

    private static void holdOn(HeldLock lock) {
        say(HOLDS + lock);
        try {
            GO_ON.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static synchronized void say(String line) {
        System.out.println(line);
        System.out.flush();
    }

    /**
     * A pool that does something before the commit of a transaction in which a statement was prepared. A statement that
     * takes the commit along is sent without it, so that what it wrote stands there and is not committed meanwhile.
     */
    static DataSource source(DataSource pool, Predicate<String> isIt, Runnable beforeCommit) {
        return wrap(DataSource.class, pool, method -> {}, result -> {
            if (!(result instanceof Connection connection)) {
                return result;
            }
            boolean[] prepared = {false};
            return wrap(
                    Connection.class,
                    connection,
                    call -> {
                        if (call.sql != null && isIt.test(call.sql)) {
                            prepared[0] = true;
                        }
                        boolean ends =
                                call.method.equals("commit") || call.sql != null && call.sql.endsWith("; COMMIT");
                        if (ends && prepared[0]) {
                            prepared[0] = false;
                            beforeCommit.run();
                        }
                    },
                    same -> same);
        });
    }

    private record Called(String method, String sql) {}

    private interface Then {
        Object apply(Object result);
    }

    private static <T> T wrap(Class<T> type, T target, Consumer<Called> before, Then then) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    boolean hasText = arguments != null && arguments.length > 0 && arguments[0] instanceof String;
                    if (hasText && method.getName().equals("prepareStatement")) {
                        arguments[0] =
                                WITH_COMMIT.matcher((String) arguments[0]).replaceFirst("");
                    }
                    before.accept(new Called(method.getName(), hasText ? (String) arguments[0] : null));
                    try {
                        return then.apply(method.invoke(target, arguments));
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
