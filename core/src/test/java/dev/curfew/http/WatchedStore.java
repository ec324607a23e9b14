package dev.curfew.http;

import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.store.SessionStore;
import dev.curfew.store.StoreUnavailableException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/** A real store that writes down which verbs were called, and fails when a test says so. */
final class WatchedStore {
    private final SessionStore real = InMemorySessionStore.create();
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private volatile Function<String, RuntimeException> failure = verb -> null;

    SessionStore store() {
        return (SessionStore) Proxy.newProxyInstance(
                WatchedStore.class.getClassLoader(),
                new Class<?>[] {SessionStore.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("ability")) {
                        return Optional.empty();
                    }
                    calls.add(method.getName());
                    RuntimeException e = failure.apply(method.getName());
                    if (e != null) {
                        throw e;
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }

    List<String> calls() {
        return List.copyOf(calls);
    }

    void forgetCalls() {
        calls.clear();
    }

    void cut() {
        this.failure = verb -> new StoreUnavailableException(verb, null);
    }

    void cut(String verb) {
        this.failure = called -> called.equals(verb) ? new StoreUnavailableException(verb, null) : null;
    }

    /** The next call of that verb, and no other, is lost. */
    void cutOnce(String verb) {
        AtomicBoolean isLost = new AtomicBoolean();
        this.failure = called -> called.equals(verb) && isLost.compareAndSet(false, true)
                ? new StoreUnavailableException(verb, null)
                : null;
    }

    void failWith(RuntimeException e) {
        this.failure = verb -> e;
    }

    void mend() {
        this.failure = verb -> null;
    }
}
