/** Removes what has ended long enough ago. */
@NullMarked
package dev.curfew.jdbc.purge;

import org.jspecify.annotations.NullMarked;
