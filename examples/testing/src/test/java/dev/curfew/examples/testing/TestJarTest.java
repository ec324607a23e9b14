package dev.curfew.examples.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.curfew.SessionService;
import dev.curfew.testkit.TestCurfew;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.lang.module.ResolutionException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The test-jar of the core holds the kits, and no test of Curfew's. */
class TestJarTest {
    private final Path testJar = placeOf(TestCurfew.class);

    private static Path placeOf(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void needsTheJar() {
        assumeThat(testJar).as("packaged, as by mvn verify").isRegularFile();
    }

    @Test
    void nothing_in_it_is_taken_for_a_test_of_the_hosts() throws IOException {
        try (JarFile jar = new JarFile(testJar.toFile())) {
            List<String> classes = jar.stream()
                    .map(ZipEntry::getName)
                    .filter(name -> name.endsWith(".class"))
                    .toList();

            assertThat(classes)
                    .contains("dev/curfew/testkit/TestCurfew.class", "dev/curfew/contract/SessionStoreContract.class")
                    .noneMatch(name -> name.endsWith("Test.class") || name.contains("Test$"));
        }
    }

    @Test
    void it_is_for_the_class_path_and_not_for_the_module_path() throws ClassNotFoundException {
        ModuleFinder modules = ModuleFinder.of(
                testJar,
                placeOf(SessionService.class),
                placeOf(Class.forName("com.nimbusds.jose.JWSObject")),
                placeOf(Class.forName("com.github.benmanes.caffeine.cache.Caffeine")),
                placeOf(Class.forName("org.slf4j.Logger")));
        List<String> roots = ModuleFinder.of(testJar, placeOf(SessionService.class)).findAll().stream()
                .map(ModuleReference::descriptor)
                .map(ModuleDescriptor::name)
                .toList();
        assertThat(roots).hasSize(2).contains("dev.curfew.core");

        assertThatExceptionOfType(ResolutionException.class)
                .isThrownBy(() -> ModuleLayer.boot().configuration().resolve(modules, ModuleFinder.ofSystem(), roots))
                .withMessageContaining("contains package dev.curfew.");
    }
}
