package com.example.consumer;

import dev.curfew.SessionService;
import dev.curfew.jdbc.JdbcSessionStore;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.redis.RedisSessionStore;
import dev.curfew.store.StoreUnavailableException;
import io.lettuce.core.RedisClient;
import org.h2.jdbcx.JdbcDataSource;

/** Logs in and out in memory and in H2, and is told that there is no Redis. */
public final class Main {
    private Main() {}

    public static void main(String... args) {
        LoginAndLogout.in(InMemorySessionStore.create());

        JdbcDataSource h2 = new JdbcDataSource();
        h2.setURL("jdbc:h2:mem:consumer;DB_CLOSE_DELAY=-1");
        JdbcSessionStore store = JdbcSessionStore.on(h2).build();
        store.migrate();
        LoginAndLogout.in(store);

        // Nothing listens on this port.
        RedisClient client = RedisClient.create("redis://127.0.0.1:1");
        try {
            LoginAndLogout.in(RedisSessionStore.on(client).build());
            throw new AssertionError("there is no Redis");
        } catch (StoreUnavailableException e) {
            // As it should be.
        } finally {
            client.shutdown();
        }
        boolean areModules = SessionService.class.getModule().isNamed();
        System.out.println("consumed on the " + (areModules ? "module path" : "class path"));
        if (areModules != Boolean.getBoolean("expect.modules")) {
            throw new AssertionError("not as it was meant");
        }
    }
}
