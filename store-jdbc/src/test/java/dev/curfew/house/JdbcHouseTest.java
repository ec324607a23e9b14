package dev.curfew.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The rooms of this module: which may use which, and what hosts see of them. */
class JdbcHouseTest extends ModuleHouse {
    private static final String ROOT = "dev.curfew.jdbc";
    private static final String AUDIT = ROOT + ".audit";
    private static final String FEED = ROOT + ".feed";
    private static final String SQL = ROOT + ".sql";
    private static final String DATABASE = ROOT + ".database";

    JdbcHouseTest() {
        super(
                ROOT,
                List.of(AUDIT, ROOT, ROOT + ".purge", FEED, ROOT + ".step", ROOT + ".table", SQL, DATABASE),
                Set.of(ROOT, AUDIT, DATABASE));
    }

    /** A host may want the one without the other. */
    @Test
    void the_audit_trail_uses_no_room_of_the_store() {
        assertThat(ClassGraph.of(CLASSES))
                .filteredOn(edge -> edge.fromPackage().equals(AUDIT) && isOurs(edge.toPackage()))
                .isNotEmpty()
                .allMatch(edge -> List.of(AUDIT, SQL, DATABASE).contains(edge.toPackage()));
    }

    @Test
    void only_the_rooms_that_talk_to_its_driver_know_postgresql() {
        assertThat(ClassGraph.of(CLASSES))
                .filteredOn(edge -> edge.toPackage().startsWith("org.postgresql"))
                .isNotEmpty()
                .allMatch(edge -> List.of(SQL, FEED).contains(edge.fromPackage()));
    }
}
