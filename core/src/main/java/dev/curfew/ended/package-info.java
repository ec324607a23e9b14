/**
 * The events of what has ended: of revocations, of the sessions that they ended, and of sessions whose time is over.
 * Internal.
 */
@NullMarked
package dev.curfew.ended;

import org.jspecify.annotations.NullMarked;
