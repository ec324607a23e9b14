/** The tables of the store: how their rows are read, written and judged. */
@NullMarked
package dev.curfew.jdbc.table;

import org.jspecify.annotations.NullMarked;
