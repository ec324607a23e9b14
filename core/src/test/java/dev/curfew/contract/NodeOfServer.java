package dev.curfew.contract;

import dev.curfew.store.RevocationFeed;
import dev.curfew.store.SessionStore;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * A node's way to a store whose server has a clock of its own: whatever instant the node brings, the server's clock
 * shows what it shows. Calls of all nodes of a fixture take turns, because the fixture knows one clock.
 */
final class NodeOfServer {
    private NodeOfServer() {}

    /** The store as a node sees it; the store itself if it has no clock of its own. */
    static SessionStore of(SessionStore store, StoreFixture fixture, Clock server) {
        return fixture.capabilities().contains(StoreCapability.OWN_CLOCK)
                ? proxy(SessionStore.class, store, fixture, server)
                : store;
    }

    private static <T> T proxy(Class<T> type, T real, StoreFixture fixture, Clock server) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            synchronized (fixture) {
                Object[] given = arguments == null ? new Object[0] : arguments;
                for (Object argument : given) {
                    if (argument instanceof Instant now) {
                        fixture.storeClockAhead(Duration.between(now, server.instant()));
                    }
                }
                return wrapped(invoke(method, real, given), fixture, server);
            }
        };
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static Object invoke(Method method, Object real, Object[] arguments) throws Throwable {
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static Object wrapped(Object answer, StoreFixture fixture, Clock server) {
        return answer instanceof RevocationFeed feed ? proxy(RevocationFeed.class, feed, fixture, server) : answer;
    }
}
