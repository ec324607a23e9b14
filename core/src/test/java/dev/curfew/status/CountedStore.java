package dev.curfew.status;

import dev.curfew.store.ForwardingSessionStore;
import dev.curfew.store.SessionStore;
import dev.curfew.store.SharedRecords;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** A store whose calls for records are counted. */
final class CountedStore extends ForwardingSessionStore {
    private final AtomicInteger calls = new AtomicInteger();

    CountedStore(SessionStore store) {
        super(store);
    }

    /** How many there were since this was asked last. */
    int calls() {
        return calls.getAndSet(0);
    }

    @Override
    public <T> Optional<T> ability(Class<T> type) {
        Optional<T> found = super.ability(type);
        return type != SharedRecords.class
                ? found
                : found.map(records -> type.cast(Proxy.newProxyInstance(
                        type.getClassLoader(), new Class<?>[] {type}, (proxy, verb, arguments) -> {
                            calls.incrementAndGet();
                            try {
                                return verb.invoke(records, arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        })));
    }
}
