/**
 * What happened, as records for those who must account for it: their fields, their sinks, and the trail between.
 */
@NullMarked
package dev.curfew.audit;

import org.jspecify.annotations.NullMarked;
