package dev.curfew.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whoever uses Curfew sees what Curfew exports and the JDK, never a library that it is built on. */
class ApiLeakTest {
    /** A constructor that hosts cannot call, because they cannot name what it takes: only authentication makes one. */
    private static final String LOCK = "dev.curfew.token.SessionCaller -> dev.curfew.atrest.ProvenSession";

    @Test
    void no_public_signature_names_a_type_of_a_library() {
        Set<String> exported = Exports.packages();

        assertThat(ClassGraph.ofPublicSignatures(Path.of("target", "classes")))
                .as("uses found by jdeps")
                .filteredOn(edge -> exported.contains(edge.fromPackage()))
                .isNotEmpty()
                .noneMatch(edge -> edge.toPackage().startsWith("com.nimbusds"))
                .noneMatch(edge -> edge.toPackage().startsWith("com.github.benmanes"))
                .noneMatch(edge -> edge.toPackage().startsWith("org.slf4j"))
                .filteredOn(edge -> !edge.toString().equals(LOCK))
                .noneMatch(edge -> edge.toPackage().startsWith("dev.curfew") && !exported.contains(edge.toPackage()));
    }
}
