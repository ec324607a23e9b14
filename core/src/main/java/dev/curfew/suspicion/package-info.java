/**
 * Patterns over events that look like theft, and what the host does about them.
 */
@NullMarked
package dev.curfew.suspicion;

import org.jspecify.annotations.NullMarked;
