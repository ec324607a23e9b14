/** Curfew's meters in a Micrometer registry. */
@NullMarked
package dev.curfew.examples.micrometer;

import org.jspecify.annotations.NullMarked;
