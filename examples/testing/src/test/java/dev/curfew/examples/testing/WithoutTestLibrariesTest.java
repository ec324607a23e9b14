package dev.curfew.examples.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.SessionService;
import dev.curfew.testkit.TestCurfew;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The kit needs Curfew, what Curfew needs, and nothing else. */
class WithoutTestLibrariesTest {
    private static URL placeOf(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation();
    }

    @Test
    void the_kit_works_where_there_is_no_test_library() throws Exception {
        URL[] places = Stream.of(
                        WithoutTestLibraries.class,
                        TestCurfew.class,
                        SessionService.class,
                        Class.forName("com.nimbusds.jose.JWSObject"),
                        Class.forName("com.github.benmanes.caffeine.cache.Caffeine"),
                        Class.forName("org.slf4j.Logger"))
                .map(WithoutTestLibrariesTest::placeOf)
                .toArray(URL[]::new);
        try (URLClassLoader alone = new URLClassLoader(places, ClassLoader.getPlatformClassLoader())) {
            assertThatExceptionOfType(ClassNotFoundException.class)
                    .isThrownBy(() -> alone.loadClass(Test.class.getName()));
            Class<?> test = alone.loadClass(WithoutTestLibraries.class.getName());
            assertThat(test).isNotEqualTo(WithoutTestLibraries.class);

            ((Runnable) test.getConstructor().newInstance()).run();
        }
    }
}
