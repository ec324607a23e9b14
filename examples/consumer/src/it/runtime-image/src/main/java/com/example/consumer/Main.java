package com.example.consumer;

import dev.curfew.jdbc.JdbcSessionStore;
import dev.curfew.memory.InMemorySessionStore;

/** Logs in and out in memory, in a runtime that holds Curfew and nothing that it does not need. */
public final class Main {
    private Main() {}

    public static void main(String... args) {
        LoginAndLogout.in(InMemorySessionStore.create());
        if (!Main.class.getModule().isNamed() || !JdbcSessionStore.class.getModule().isNamed()) {
            throw new AssertionError("not as modules");
        }
        System.out.println("consumed in a runtime image");
    }
}
