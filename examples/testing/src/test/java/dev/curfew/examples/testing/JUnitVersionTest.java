package dev.curfew.examples.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** These tests run with the JUnit that their module says. */
class JUnitVersionTest {
    @Test
    void the_version_is_that_of_the_module() {
        assertThat(Test.class.getPackage().getImplementationVersion()).isEqualTo(System.getProperty("curfew.junit"));
    }
}
