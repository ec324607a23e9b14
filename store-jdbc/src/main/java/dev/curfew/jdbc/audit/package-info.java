/** The audit trail in a table: written, searched, purged, and verified where it is a chain. */
@NullMarked
package dev.curfew.jdbc.audit;

import org.jspecify.annotations.NullMarked;
