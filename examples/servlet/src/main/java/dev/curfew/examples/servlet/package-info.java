/** Curfew in a servlet container: {@code CurfewFilter} is all of the glue. */
@NullMarked
package dev.curfew.examples.servlet;

import org.jspecify.annotations.NullMarked;
