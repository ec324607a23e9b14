/**
 * The SPI: what a store of sessions and revocations must do, in about ten verbs over domain values.
 *
 * <p>Algorithms live once, above; a store persists. No store reads a clock: every verb takes the instant of the
 * operation.
 *
 * <p>An author of a store begins with {@link dev.curfew.store.SessionStore}, whose comment says what all verbs have in
 * common, and lets {@link dev.curfew.store.RevokeRule} decide about revocations. {@code docs/stores.md} of the sources
 * goes from an empty module to a green contract; {@code examples/store-sqlite} is a whole store, written from these
 * comments alone.
 */
@NullMarked
package dev.curfew.store;

import org.jspecify.annotations.NullMarked;
