package dev.curfew.token;

import dev.curfew.crypto.KeysUnavailableException;
import dev.curfew.jose.KeyLoadSettings;
import java.time.Duration;
import java.util.function.LongSupplier;

/** How keys are loaded from an issuer. Immutable. */
public final class RemoteKeyOptions {
    private final KeyLoadSettings settings;

    private RemoteKeyOptions(KeyLoadSettings settings) {
        this.settings = settings;
    }

    /** {@return a builder that starts with the defaults} */
    public static Builder builder() {
        return new Builder();
    }

    KeyLoadSettings settings() {
        return settings;
    }

    /** Collects options. Confined to one thread. */
    public static final class Builder {
        private Duration maxAge = Duration.ofMinutes(15);
        private Duration usableFor = Duration.ofHours(12);
        private Duration refreshAtMostEvery = Duration.ofSeconds(30);
        private Duration timeout = Duration.ofSeconds(5);
        private int maxBytes = 256 * 1024;
        private int waitingAtMost = Integer.MAX_VALUE;
        private LongSupplier nanoTime = System::nanoTime;

        private Builder() {}

        /**
         * Sets the age at which the keys are asked for again; 15 minutes by default. A key that the issuer withdrew is
         * trusted at most so long, while the issuer can be reached.
         *
         * @param value positive
         * @return this
         */
        public Builder maxAge(Duration value) {
            this.maxAge = positive(value, "maxAge");
            return this;
        }

        /**
         * Sets up to which age the last good keys stay in use while the issuer cannot be reached; 12 hours by default.
         *
         * @param value not shorter than {@code maxAge}
         * @return this
         */
        public Builder usableFor(Duration value) {
            this.usableFor = positive(value, "usableFor");
            return this;
        }

        /**
         * Sets how often unknown keys may cause a request; every 30 seconds by default.
         *
         * @param value positive
         * @return this
         */
        public Builder refreshAtMostEvery(Duration value) {
            this.refreshAtMostEvery = positive(value, "refreshAtMostEvery");
            return this;
        }

        /**
         * Bounds a whole request, connection and body included; 5 seconds by default.
         *
         * @param value positive
         * @return this
         */
        public Builder timeout(Duration value) {
            this.timeout = positive(value, "timeout");
            return this;
        }

        /**
         * Bounds the answer; 256 KiB by default.
         *
         * @param value at least 1
         * @return this
         */
        public Builder maxBytes(int value) {
            if (value < 1) {
                throw new IllegalArgumentException("maxBytes must be positive, and is " + value);
            }
            this.maxBytes = value;
            return this;
        }

        /**
         * Bounds how many callers wait for these keys at once; any number by default. Whoever comes beyond it is
         * answered by the keys that are there, else with {@link KeysUnavailableException}.
         *
         * @param callers positive
         * @return this
         */
        public Builder waitingAtMost(int callers) {
            if (callers < 1) {
                throw new IllegalArgumentException("waitingAtMost must be positive, and is " + callers);
            }
            this.waitingAtMost = callers;
            return this;
        }

        /** For tests: ages are elapsed time, which no wall clock can turn back. */
        Builder nanoTime(LongSupplier value) {
            this.nanoTime = value;
            return this;
        }

        /**
         * Makes the options.
         *
         * @return the options
         */
        public RemoteKeyOptions build() {
            if (usableFor.compareTo(maxAge) < 0) {
                throw new IllegalArgumentException(
                        "usableFor " + usableFor + " must not be shorter than maxAge " + maxAge);
            }
            return new RemoteKeyOptions(new KeyLoadSettings(
                    new KeyLoadSettings.Ages(maxAge, usableFor, refreshAtMostEvery),
                    timeout,
                    maxBytes,
                    waitingAtMost,
                    nanoTime));
        }

        private static Duration positive(Duration value, String setting) {
            if (value.isNegative() || value.isZero() || value.compareTo(Duration.ofDays(365)) > 0) {
                throw new IllegalArgumentException(setting + " must be positive, and at most a year, and is " + value);
            }
            return value;
        }
    }
}
