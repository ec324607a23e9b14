package dev.curfew.examples.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.house.PageExamples;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The page of recipes shows code that is compiled and run here, and each is short. */
class RecipesPageTest {
    private final PageExamples page;

    RecipesPageTest() throws IOException {
        page = PageExamples.of(Path.of("..", "..", "docs", "recipes.md"));
    }

    @Test
    void each_recipe_is_one_of_those_that_run() throws IOException {
        assertThat(page.blocks()).hasSize(12);
        assertThat(page.missingIn(Path.of("src/test/java/dev/curfew/examples/recipes/Recipes.java")))
                .isEmpty();
    }

    @Test
    void no_recipe_is_longer_than_fifteen_lines() {
        assertThat(page.blocks()).allSatisfy(block -> assertThat(block.lines()).hasSizeLessThanOrEqualTo(15));
    }
}
