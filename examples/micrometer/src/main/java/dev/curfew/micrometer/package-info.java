/** Curfew's meters in a Micrometer registry. */
@NullMarked
package dev.curfew.micrometer;

import org.jspecify.annotations.NullMarked;
