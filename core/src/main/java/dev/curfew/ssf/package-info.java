/**
 * Security events that a transmitter of the Shared Signals Framework tells (CAEP, RISC), pushed or polled, as
 * revocations.
 */
@NullMarked
package dev.curfew.ssf;

import org.jspecify.annotations.NullMarked;
