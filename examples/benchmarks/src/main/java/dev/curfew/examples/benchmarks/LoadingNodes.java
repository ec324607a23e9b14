package dev.curfew.examples.benchmarks;

import dev.curfew.token.VerifiedToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Nodes that start at once, in a program of their own that yields the processors to the store and to those who use it:
 * nodes of a deployment have processors of their own. Prints how many seconds it took until all of them had loaded.
 */
final class LoadingNodes {
    private static final String PREFIX = "deploy";

    private LoadingNodes() {}

    /** The store, how many nodes, and how many revocations each must have in the end. */
    public static void main(String[] arguments) {
        int nodes = Integer.parseInt(arguments[1]);
        int revocations = Integer.parseInt(arguments[2]);
        VerifiedToken live =
                new TokenIssuer(SigningKey.of("HS256")).verified("live-", 1).get(0);
        long begin = System.nanoTime();
        try (ScaleServer server = server(arguments[0]);
                Fleet fleet = Fleet.startAtOnce(server, PREFIX, nodes, live)) {
            double seconds = (System.nanoTime() - begin) / 1e9;
            if (fleet.nodes().stream().anyMatch(node -> node.replica().status().entries() < revocations)) {
                throw new IllegalStateException("a revocation is missing");
            }
            System.out.println(seconds);
        }
        System.exit(0);
    }

    /** Starts it, and answers the seconds that it prints. */
    static CompletableFuture<Double> start(ScaleServer server, int nodes, int revocations) {
        List<String> command = new ArrayList<>(List.of(
                "nice",
                "-n",
                "19",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path")));
        command.addAll(Servers.shared());
        command.addAll(List.of(
                LoadingNodes.class.getName(), server.name(), Integer.toString(nodes), Integer.toString(revocations)));
        return CompletableFuture.supplyAsync(() -> run(command));
    }

    private static double run(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException("nodes do not start");
            }
            return Double.parseDouble(printed.strip());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static ScaleServer server(String name) {
        return switch (name) {
            case "postgres" -> new ScalePostgres();
            case "redis" -> ScaleRedis.standalone();
            case "cluster" -> ScaleRedis.cluster();
            default -> throw new IllegalArgumentException("postgres, redis or cluster");
        };
    }
}
