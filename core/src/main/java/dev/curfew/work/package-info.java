/**
 * A thread behind a bounded queue, a bounded memory, things that are used again: small machinery of several rooms.
 * Internal.
 */
@NullMarked
package dev.curfew.work;

import org.jspecify.annotations.NullMarked;
