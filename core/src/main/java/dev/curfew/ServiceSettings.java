package dev.curfew;

import dev.curfew.check.OutagePolicy;
import dev.curfew.crypto.Sealer;
import dev.curfew.node.EventSettings;
import dev.curfew.refresh.RefreshPolicy;
import dev.curfew.replica.RevocationReplica;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.session.SessionLimit;
import dev.curfew.store.SessionStore;
import dev.curfew.store.StoreSettings;
import dev.curfew.token.TokenPolicies;
import java.time.Clock;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What a host has said of its service. Confined to one thread. */
final class ServiceSettings {
    final Storage storage = new Storage();
    final Sessions sessions = new Sessions();
    final Tokens tokens = new Tokens();
    final Quota quota = new Quota();
    final Checks checks = new Checks();
    final Watches watches = new Watches();
    final EventSettings events = new EventSettings();
    final Time time = new Time();

    /** Where sessions and revocations are kept, and for how long. */
    static final class Storage {
        @Nullable
        SessionStore store;

        final EncryptionChoice encryption = new EncryptionChoice();
        Duration retention = StoreSettings.defaults().retention();
        Duration nodeSkew = StoreSettings.defaults().nodeSkew();
        Duration endedSessionsKept = StoreSettings.defaults().endedSessionsKept();
        boolean trustsOlderTokens;

        StoreSettings settings() {
            return new StoreSettings(retention, nodeSkew, endedSessionsKept, trustsOlderTokens);
        }
    }

    /** How sessions begin, last and end by themselves. */
    static final class Sessions {
        @Nullable
        SessionLifetimes lifetimes;

        SessionLimit limit = SessionLimit.unlimited();
        /** Null if there are no refresh tokens. */
        @Nullable
        RefreshPolicy refresh;

        Duration lastSeenInterval = Duration.ofMinutes(1);
        long cacheBytes = 64L << 20;
        Sealer loginSealer = Sealer.withRandomKey();
    }

    /** Which tokens are accepted. */
    static final class Tokens {
        @Nullable
        TokenPolicies policies;

        @Nullable
        Duration maxLifetime;

        @Nullable
        Duration skew;

        /** Whether there are session tokens alone. */
        boolean hasNone;
    }

    /** How many connections are watched. */
    static final class Watches {
        int most = 100_000;
    }

    /** How many revocations that are still remembered somebody may cause. */
    static final class Quota {
        int ofSession = 100;
        int ofSubject = 1_000;
    }

    /** How checks are answered. */
    static final class Checks {
        OutagePolicy outagePolicy = OutagePolicy.DENY;

        /** Null if each check asks the store. */
        @Nullable
        UnaryOperator<RevocationReplica.Builder> replica = UnaryOperator.identity();
    }

    /** What time it is, and how much of it has passed. */
    static final class Time {
        Clock clock = Clock.systemUTC();
        LongSupplier ticker = System::nanoTime;
    }
}
