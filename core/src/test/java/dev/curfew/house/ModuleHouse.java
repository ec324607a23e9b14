package dev.curfew.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every module of a store holds of its rooms; it runs in the module's folder. */
abstract class ModuleHouse {
    static final Path CLASSES = Path.of("target", "classes");

    private final String root;
    private final List<String> rooms;
    private final Set<String> seen;

    /**
     * Makes the test of a module.
     *
     * @param root the package that all rooms lie in
     * @param rooms all of them, from top to bottom: a room uses only rooms below it
     * @param seen those that hosts see
     */
    ModuleHouse(String root, List<String> rooms, Set<String> seen) {
        this.root = root;
        this.rooms = rooms;
        this.seen = seen;
    }

    @Test
    void every_package_uses_only_those_below_it() {
        assertThat(ClassGraph.of(CLASSES))
                .as("uses found by jdeps")
                .filteredOn(edge -> isOurs(edge.toPackage()))
                .isNotEmpty()
                .allMatch(edge -> rooms.contains(edge.fromPackage()) && rooms.contains(edge.toPackage()))
                .noneMatch(edge -> rooms.indexOf(edge.toPackage()) < rooms.indexOf(edge.fromPackage()));
    }

    @Test
    void hosts_see_no_type_of_an_internal_room() {
        assertThat(Exports.packages()).isEqualTo(seen);
        assertThat(ClassGraph.ofPublicSignatures(CLASSES))
                .filteredOn(edge -> seen.contains(edge.fromPackage()) && isOurs(edge.toPackage()))
                .isNotEmpty()
                .allMatch(edge -> seen.contains(edge.toPackage()));
    }

    final boolean isOurs(String packageName) {
        return packageName.startsWith(root);
    }
}
