package dev.curfew.house;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads with {@code jdeps} which class uses which in a folder of compiled classes. */
final class ClassGraph {
    private static final Pattern EDGE = Pattern.compile("^ {3}(\\S+) +-> (\\S+) .*$", Pattern.MULTILINE);

    private ClassGraph() {}

    static Set<Edge> of(Path classes) {
        return jdeps(classes, "-verbose:class");
    }

    /** Only what public and protected members say in their signatures. */
    static Set<Edge> ofPublicSignatures(Path classes) {
        return jdeps(classes, "-verbose:class", "--api-only");
    }

    private static Set<Edge> jdeps(Path classes, String... options) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        // Class files one by one: given the folder, jdeps would see a module and resolve all that it requires.
        String[] arguments =
                Stream.concat(Stream.of(options), classFiles(classes).stream()).toArray(String[]::new);
        int status = ToolProvider.findFirst("jdeps")
                .orElseThrow(() -> new IllegalStateException("this runtime has no jdeps: run the tests on a JDK"))
                .run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
        if (status != 0) {
            throw new IllegalStateException("jdeps failed with " + status + ": " + out + err);
        }
        return EDGE.matcher(out.toString()).results().map(ClassGraph::edge).collect(Collectors.toSet());
    }

    private static Edge edge(MatchResult line) {
        return new Edge(line.group(1), line.group(2));
    }

    private static Set<String> classFiles(Path classes) {
        try (Stream<Path> files = Files.walk(classes)) {
            return files.filter(file -> file.toString().endsWith(".class"))
                    .filter(file -> !file.endsWith("module-info.class"))
                    .map(Path::toString)
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
