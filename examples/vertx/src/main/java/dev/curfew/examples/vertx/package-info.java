/** The shop on Vert.x. */
@NullMarked
package dev.curfew.examples.vertx;

import org.jspecify.annotations.NullMarked;
