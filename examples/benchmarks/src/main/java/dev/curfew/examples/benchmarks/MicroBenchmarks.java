package dev.curfew.examples.benchmarks;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs the parts that take nanoseconds with JMH, each in a program of its own, and answers what one call took. */
final class MicroBenchmarks {
    private final Form form;
    private final List<String> jvm =
            new ArrayList<>(List.of("-Xms1g", "-Xmx1g", "-Xmn256m", "-XX:+AlwaysPreTouch", "-Djmh.ignoreLock=true"));

    private final Map<List<String>, Cost> measured = new HashMap<>();

    MicroBenchmarks(Form form) {
        this.form = form;
        jvm.addAll(Servers.shared());
    }

    /** One call in nanoseconds, and the bytes that it allocates, over the iterations of all forks. */
    record Cost(Figure nanos, Figure bytes) {}

    /** Measures, or answers what was measured before in this run: two parts may compare with the same. */
    Cost run(Class<?> type, String method, int threads, String... parameters) {
        List<String> name = new ArrayList<>(List.of(type.getName(), method, Integer.toString(threads)));
        name.addAll(List.of(parameters));
        return measured.computeIfAbsent(name, key -> measure(type, method, threads, parameters));
    }

    private Cost measure(Class<?> type, String method, int threads, String... parameters) {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("\\b" + type.getSimpleName() + "\\." + method + "$")
                .threads(threads)
                .forks(form.forks())
                .warmupIterations(form.warmUps())
                .warmupTime(TimeValue.milliseconds(form.warmUpMillis(threads)))
                .measurementIterations(form.iterations())
                .measurementTime(TimeValue.milliseconds(form.iterationMillis()))
                .shouldFailOnError(true)
                .addProfiler(GCProfiler.class)
                .verbosity(VerboseMode.SILENT)
                .jvmArgs(jvm.toArray(String[]::new));
        for (int i = 0; i < parameters.length; i += 2) {
            options.param(parameters[i], parameters[i + 1]);
        }
        try {
            RunResult result = new Runner(options.build()).runSingle();
            return new Cost(
                    over(result, iteration -> iteration.getPrimaryResult().getScore()),
                    over(result, MicroBenchmarks::allocated));
        } catch (RunnerException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Figure over(RunResult result, ToDoubleFunction<IterationResult> score) {
        return Figure.median(result.getBenchmarkResults().stream()
                .flatMap(fork -> fork.getIterationResults().stream())
                .mapToDouble(score)
                .toArray());
    }

    private static double allocated(IterationResult iteration) {
        return Objects.requireNonNull(iteration.getSecondaryResults().get("gc.alloc.rate.norm"))
                .getScore();
    }
}
