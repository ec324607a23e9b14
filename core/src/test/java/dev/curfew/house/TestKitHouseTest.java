package dev.curfew.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The test kit for hosts is built of what hosts have. */
class TestKitHouseTest {
    private static final String KIT = "dev.curfew.testkit";
    private static final String CLOCK = "dev.curfew.contract.ManualClock";

    @Test
    void it_uses_the_public_api_and_no_test_library() {
        assertThat(ClassGraph.of(Path.of("target", "test-classes", "dev", "curfew", "testkit")))
                .filteredOn(
                        edge -> !edge.from().contains("Test$") && !edge.from().endsWith("Test"))
                .filteredOn(edge -> !isOfHosts(edge))
                .isEmpty();
    }

    @Test
    void its_clock_uses_nothing_but_the_jdk() {
        assertThat(ClassGraph.of(Path.of("target", "test-classes", "dev", "curfew", "contract")))
                .filteredOn(edge -> edge.from().equals(CLOCK))
                .isNotEmpty()
                .allMatch(edge -> edge.toPackage().startsWith("java."));
    }

    private static boolean isOfHosts(Edge edge) {
        String used = edge.toPackage();
        return used.startsWith("java.")
                || used.equals(KIT)
                || edge.to().equals(CLOCK)
                || used.startsWith("com.nimbusds.jose")
                || used.equals("org.jspecify.annotations")
                || Exports.packages().contains(used);
    }
}
