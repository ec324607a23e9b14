package dev.curfew.contract;

import dev.curfew.store.SessionStore;
import dev.curfew.store.StoreUnavailableException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.function.BooleanSupplier;

/** A store that does what it is told to do, and now and then loses its answer to a revocation. */
final class LostAnswerStore {
    private LostAnswerStore() {}

    static SessionStore of(SessionStore store, BooleanSupplier isLost) {
        return (SessionStore) Proxy.newProxyInstance(
                SessionStore.class.getClassLoader(), new Class<?>[] {SessionStore.class}, (proxy, verb, arguments) -> {
                    try {
                        Object answer = verb.invoke(store, arguments);
                        if (verb.getName().equals("revoke") && isLost.getAsBoolean()) {
                            throw StoreUnavailableException.ofWrite("revoke", null);
                        }
                        return answer;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
