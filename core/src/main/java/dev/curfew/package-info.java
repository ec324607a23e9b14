/** The entry point: {@link dev.curfew.SessionService}, its builder and its results. */
@NullMarked
package dev.curfew;

import org.jspecify.annotations.NullMarked;
