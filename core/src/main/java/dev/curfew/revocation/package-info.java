/**
 * The rule: what a revocation is, what it covers, and how revocations join; pure, without I/O or a clock.
 */
@NullMarked
package dev.curfew.revocation;

import org.jspecify.annotations.NullMarked;
