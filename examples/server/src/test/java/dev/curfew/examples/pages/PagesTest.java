package dev.curfew.examples.pages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.examples.server.RedisProcess;
import io.lettuce.core.RedisClient;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every block of Java on a page compiles as it is shown, and every one that consists of statements runs. */
class PagesTest {
    private static final Path ROOT = Path.of("../..");

    /** Whose blocks are compiled and compared by a test of their own, since they need what is not at hand here. */
    private static final List<String> ELSEWHERE = List.of(
            "docs/administration.md", // AdministrationPageTest
            "docs/databases.md", // MigrationsPageTest of examples/migrations
            "docs/hosts.md", // HostsPageTest
            "docs/issuers.md", // IssuersPageTest
            "docs/recipes.md", // RecipesPageTest of examples/recipes
            "docs/spring.md", // SpringPageTest of examples/spring-boot/starter
            "docs/standards.md", // StandardsPageTest of core
            "docs/testing.md", // PageTest of examples/testing
            "examples/store-sqlite/README.md"); // HostTest of that module

    @TempDir
    private static Path classes;

    private static RedisProcess redis;

    @BeforeAll
    static void startRedis() throws IOException, InterruptedException {
        redis = RedisProcess.start();
        PageContext.redis = RedisClient.create(redis.url());
    }

    @AfterAll
    static void stopRedis() {
        PageContext.redis.shutdown();
        redis.close();
    }

    @Test
    void each_page_with_code_is_read() throws IOException {
        assertThat(blocks()).hasSizeGreaterThan(20);
    }

    @TestFactory
    Stream<DynamicTest> every_block_compiles_and_its_statements_run() throws IOException {
        return blocks().stream()
                .map(block -> DynamicTest.dynamicTest(block.toString(), () -> {
                    compile(block);
                    run(block);
                }));
    }

    private static List<CodeBlock> blocks() throws IOException {
        List<CodeBlock> blocks = new ArrayList<>();
        try (Stream<Path> pages =
                Files.find(ROOT, 3, (file, about) -> file.toString().endsWith(".md"))) {
            for (Path page : pages.sorted().toList()) {
                Path name = ROOT.relativize(page);
                if (!ELSEWHERE.contains(name.toString()) && !name.toString().contains("target")) {
                    blocks.addAll(CodeBlock.in(name, Files.readAllLines(page)));
                }
            }
        }
        return blocks;
    }

    private static void compile(CodeBlock block) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        boolean isGood = compiler.getTask(
                        new StringWriter(),
                        null,
                        found,
                        List.of("-d", classes.toString(), "-classpath", classPath(), "-proc:none"),
                        null,
                        List.of(file(block)))
                .call();
        assertThat(isGood)
                .as(() -> block + " does not compile: "
                        + found.getDiagnostics().stream()
                                .map(one -> one.getMessage(Locale.ROOT))
                                .toList())
                .isTrue();
    }

    private static void run(CodeBlock block) throws Exception {
        try (URLClassLoader loader =
                        new URLClassLoader(new URL[] {classes.toUri().toURL()}, PagesTest.class.getClassLoader());
                PageContext context = (PageContext) loader.loadClass("dev.curfew.examples.pages." + block.className())
                        .getDeclaredConstructor()
                        .newInstance()) {
            context.run();
        }
    }

    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                + File.pathSeparator
                + "target/test-classes";
    }

    private static JavaFileObject file(CodeBlock block) {
        return new SimpleJavaFileObject(
                URI.create("string:///dev/curfew/examples/pages/" + block.className() + ".java"),
                JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return block.source();
            }
        };
    }
}
