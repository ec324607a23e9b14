/** The atomic steps, one for each verb of the store. */
@NullMarked
package dev.curfew.jdbc.step;

import org.jspecify.annotations.NullMarked;
