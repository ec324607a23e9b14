package dev.curfew.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The rooms of this module: which may use which, and what hosts see of them. */
class JdbcHouseTest {
    private static final Path CLASSES = Path.of("target", "classes");
    private static final String ROOT = "dev.curfew.jdbc";
    private static final String AUDIT = ROOT + ".audit";
    private static final String SQL = ROOT + ".sql";

    /** From top to bottom: a room uses only rooms below it. */
    private static final List<String> ROOMS = List.of(
            AUDIT, ROOT, ROOT + ".purge", ROOT + ".feed", ROOT + ".step", ROOT + ".table", SQL, ROOT + ".database");

    @Test
    void every_package_uses_only_those_below_it() {
        assertThat(ClassGraph.of(CLASSES))
                .as("uses found by jdeps")
                .filteredOn(edge -> isOurs(edge.toPackage()))
                .isNotEmpty()
                .allMatch(edge -> ROOMS.contains(edge.fromPackage()) && ROOMS.contains(edge.toPackage()))
                .noneMatch(edge -> ROOMS.indexOf(edge.toPackage()) < ROOMS.indexOf(edge.fromPackage()));
    }

    /** A host may want the one without the other. */
    @Test
    void the_audit_trail_uses_no_room_of_the_store() {
        assertThat(ClassGraph.of(CLASSES))
                .filteredOn(edge -> edge.fromPackage().equals(AUDIT) && isOurs(edge.toPackage()))
                .isNotEmpty()
                .allMatch(edge -> List.of(AUDIT, SQL, ROOT + ".database").contains(edge.toPackage()));
    }

    @Test
    void only_the_rooms_that_talk_to_its_driver_know_postgresql() {
        assertThat(ClassGraph.of(CLASSES))
                .filteredOn(edge -> edge.toPackage().startsWith("org.postgresql"))
                .isNotEmpty()
                .allMatch(edge -> List.of(SQL, ROOT + ".feed").contains(edge.fromPackage()));
    }

    @Test
    void hosts_see_no_type_of_an_internal_room() {
        Set<String> exported = Exports.packages();

        assertThat(exported).containsExactlyInAnyOrder(ROOT, AUDIT, ROOT + ".database");
        assertThat(ClassGraph.ofPublicSignatures(CLASSES))
                .filteredOn(edge -> exported.contains(edge.fromPackage()) && isOurs(edge.toPackage()))
                .isNotEmpty()
                .allMatch(edge -> exported.contains(edge.toPackage()));
    }

    private static boolean isOurs(String packageName) {
        return packageName.startsWith(ROOT);
    }
}
