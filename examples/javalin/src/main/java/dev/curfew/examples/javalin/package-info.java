/** Curfew in Javalin: {@code CurfewHandler} is all of the glue. */
@NullMarked
package dev.curfew.examples.javalin;

import org.jspecify.annotations.NullMarked;
