package dev.curfew.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.contract.Given;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.session.SessionLimit;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ForwardingSessionStoreTest {
    @Test
    void a_decorated_store_keeps_its_abilities() {
        InMemorySessionStore real = InMemorySessionStore.create();
        SessionStore decorated = new Decorator(new Decorator(real));

        assertThat(decorated.ability(SessionsOfTarget.class)).containsSame(real);
        assertThat(decorated.ability(PayloadRewriting.class)).containsSame(real);
        assertThat(decorated.ability(SubjectErasure.class)).containsSame(real);
        assertThat(decorated.ability(SessionsOfScope.class)).containsSame(real);
        assertThat(decorated.ability(SharedRecords.class))
                .isEqualTo(real.ability(SharedRecords.class))
                .isPresent();
        assertThat(decorated.ability(InMemorySessionStore.class)).containsSame(real);
        assertThat(decorated.ability(FeedHints.class)).isEmpty();
    }

    @Test
    void an_ability_of_the_decorator_comes_first() {
        HintingDecorator decorated = new HintingDecorator(InMemorySessionStore.create());

        assertThat(new Decorator(decorated).ability(FeedHints.class)).containsSame(decorated);
    }

    /** A verb that is added to the SPI and forgotten here would fall back on its default behind every decorator. */
    @Test
    void every_verb_is_passed_on() throws ReflectiveOperationException {
        AtomicReference<String> called = new AtomicReference<>("");
        SessionStore real = (SessionStore) Proxy.newProxyInstance(
                SessionStore.class.getClassLoader(),
                new Class<?>[] {SessionStore.class},
                (proxy, method, arguments) -> {
                    called.set(method.getName());
                    return method.getReturnType() == int.class
                            ? (Object) 0
                            : method.getReturnType() == boolean.class ? Boolean.TRUE : null;
                });
        SessionStore decorated = new Decorator(real);

        for (Method verb : SessionStore.class.getMethods()) {
            if (Modifier.isStatic(verb.getModifiers())) {
                continue;
            }
            Object[] arguments = Arrays.stream(verb.getParameterTypes())
                    .map(ForwardingSessionStoreTest::anyValue)
                    .toArray();
            verb.invoke(decorated, arguments);
            assertThat(called.getAndSet("")).isEqualTo(verb.getName());
        }
    }

    private static @Nullable Object anyValue(Class<?> type) {
        Map<Class<?>, Object> values = Map.of(
                int.class,
                0,
                Class.class,
                FeedHints.class,
                StoredSession.class,
                Given.session(Given.subject("alice")).build().row(),
                SessionLimit.class,
                SessionLimit.unlimited());
        return values.get(type);
    }

    private static class Decorator extends ForwardingSessionStore {
        Decorator(SessionStore store) {
            super(store);
        }
    }

    private static final class HintingDecorator extends ForwardingSessionStore implements FeedHints {
        HintingDecorator(SessionStore store) {
            super(store);
        }

        @Override
        public AutoCloseable hints(Runnable listener) {
            return () -> {};
        }
    }
}
