/** Statements and transactions on connections of the host's pool, in the dialect of the server behind it. */
@NullMarked
package dev.curfew.jdbc.sql;

import org.jspecify.annotations.NullMarked;
