package dev.curfew.examples.testing;

import dev.curfew.testkit.TestCurfew;
import dev.curfew.testkit.TestIssuer;
import dev.curfew.testkit.TestSession;

/** What a test of whatever framework does with the kit; run where there is no test library. */
public final class WithoutTestLibraries implements Runnable {
    /** Called by reflection. */
    public WithoutTestLibraries() {}

    @Override
    public void run() {
        try (TestCurfew curfew = TestCurfew.start()) {
            TestSession alice = curfew.login("alice");
            require(curfew.checker().check(alice.caller()).permits());
            require(curfew.callAs(alice.token(TestIssuer::forged))
                            .get("/api/auth/sessions")
                            .status()
                    == 401);
            curfew.unknown();
            require(!curfew.checker().check(alice.caller()).permits());
            curfew.recover();
            curfew.revoke(alice);
            require(!curfew.checker().check(alice.caller()).permits());
        }
    }

    private static void require(boolean isSo) {
        if (!isSo) {
            throw new AssertionError("not so");
        }
    }
}
