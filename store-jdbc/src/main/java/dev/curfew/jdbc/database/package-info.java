/** Which databases the stores speak to, as hosts name them, with what can be wrong with one. */
@NullMarked
package dev.curfew.jdbc.database;

import org.jspecify.annotations.NullMarked;
