package dev.curfew.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Whoever uses Curfew sees Curfew's own types and the JDK's, never those of a library that it is built on. */
class ApiLeakTest {
    @Test
    void noPublicSignatureNamesATypeOfALibrary() {
        assertThat(ClassGraph.ofPublicSignatures(Path.of("target", "classes")))
                .as("uses found by jdeps")
                .isNotEmpty()
                .noneMatch(edge -> edge.toPackage().startsWith("com.nimbusds"))
                .noneMatch(edge -> edge.toPackage().startsWith("com.github.benmanes"))
                .noneMatch(edge -> edge.toPackage().startsWith("org.slf4j"));
    }
}
