package dev.curfew.examples.benchmarks;

/** How thoroughly to measure. */
enum Form {
    /** All in less than eight minutes. */
    QUICK(2, 3, 3, 150),
    /** As long as it takes. */
    FULL(3, 5, 5, 1_000);

    private final int forks;
    private final int warmUps;
    private final int iterations;
    private final long iterationMillis;

    Form(int forks, int warmUps, int iterations, long iterationMillis) {
        this.forks = forks;
        this.warmUps = warmUps;
        this.iterations = iterations;
        this.iterationMillis = iterationMillis;
    }

    int forks() {
        return forks;
    }

    int warmUps() {
        return warmUps;
    }

    int iterations() {
        return iterations;
    }

    long iterationMillis() {
        return iterationMillis;
    }
}
