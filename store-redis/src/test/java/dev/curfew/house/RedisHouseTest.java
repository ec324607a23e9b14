package dev.curfew.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The rooms of this module: which may use which, and what hosts see of them. */
class RedisHouseTest extends ModuleHouse {
    private static final String ROOT = "dev.curfew.redis";
    private static final String CONNECTION = ROOT + ".connection";
    private static final String SERVER = ROOT + ".server";

    RedisHouseTest() {
        super(
                ROOT,
                List.of(ROOT, ROOT + ".feed", ROOT + ".verb", ROOT + ".script", ROOT + ".codec", CONNECTION, SERVER),
                Set.of(ROOT, SERVER));
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
}
