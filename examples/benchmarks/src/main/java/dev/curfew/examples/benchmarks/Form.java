package dev.curfew.examples.benchmarks;

/** How thoroughly to measure. */
enum Form {
    /** All in less than eight minutes. */
    QUICK(2, 3, 3, 150, 600),
    /** As long as it takes. */
    FULL(3, 5, 5, 1_000, 1_000);

    private final int forks;
    private final int warmUps;
    private final int iterations;
    private final long iterationMillis;
    private final long crowdedWarmUpMillis;

    Form(int forks, int warmUps, int iterations, long iterationMillis, long crowdedWarmUpMillis) {
        this.forks = forks;
        this.warmUps = warmUps;
        this.iterations = iterations;
        this.iterationMillis = iterationMillis;
        this.crowdedWarmUpMillis = crowdedWarmUpMillis;
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

    /** Several threads may leave no processor to the compiler, so that the code is quick later. */
    long warmUpMillis(int threads) {
        return threads == 1 ? iterationMillis : crowdedWarmUpMillis;
    }

    long iterationMillis() {
        return iterationMillis;
    }
}
