/**
 * Counters and gauges as values, and logs of what repeats itself.
 */
@NullMarked
package dev.curfew.meter;

import org.jspecify.annotations.NullMarked;
