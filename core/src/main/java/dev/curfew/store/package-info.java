/**
 * The SPI: what a store of sessions and revocations must do, in about ten verbs over domain values.
 *
 * <p>Algorithms live once, above; a store persists. No store reads a clock: every verb takes the instant of the
 * operation.
 */
@NullMarked
package dev.curfew.store;

import org.jspecify.annotations.NullMarked;
