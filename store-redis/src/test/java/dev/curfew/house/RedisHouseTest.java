package dev.curfew.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The rooms of this module: which may use which, and what hosts see of them. */
class RedisHouseTest {
    private static final Path CLASSES = Path.of("target", "classes");
    private static final String ROOT = "dev.curfew.redis";
    private static final String CONNECTION = ROOT + ".connection";
    private static final String SERVER = ROOT + ".server";

    /** From top to bottom: a room uses only rooms below it. */
    private static final List<String> ROOMS =
            List.of(ROOT, ROOT + ".feed", ROOT + ".verb", ROOT + ".script", ROOT + ".codec", CONNECTION, SERVER);

    @Test
    void every_package_uses_only_those_below_it() {
        assertThat(ClassGraph.of(CLASSES))
                .as("uses found by jdeps")
                .filteredOn(edge -> isOurs(edge.toPackage()))
                .isNotEmpty()
                .allMatch(edge -> ROOMS.contains(edge.fromPackage()) && ROOMS.contains(edge.toPackage()))
                .noneMatch(edge -> ROOMS.indexOf(edge.toPackage()) < ROOMS.indexOf(edge.fromPackage()));
    }

    /** But for its clients, which hosts pass. */
    @Test
    void only_the_connection_knows_the_commands_of_lettuce() {
        assertThat(ClassGraph.of(CLASSES))
                .filteredOn(edge -> edge.toPackage().startsWith("io.lettuce"))
                .isNotEmpty()
                .allMatch(edge -> edge.fromPackage().equals(CONNECTION)
                        || edge.fromPackage().equals(ROOT)
                                && List.of("io.lettuce.core", "io.lettuce.core.cluster")
                                        .contains(edge.toPackage()));
    }

    @Test
    void hosts_see_no_type_of_an_internal_room() {
        Set<String> exported = Exports.packages();

        assertThat(exported).containsExactlyInAnyOrder(ROOT, SERVER);
        assertThat(ClassGraph.ofPublicSignatures(CLASSES))
                .filteredOn(edge -> exported.contains(edge.fromPackage()) && isOurs(edge.toPackage()))
                .isNotEmpty()
                .allMatch(edge -> exported.contains(edge.toPackage()));
    }

    private static boolean isOurs(String packageName) {
        return packageName.startsWith(ROOT);
    }
}
