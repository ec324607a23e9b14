/**
 * A store whose calls are timed and counted. Internal.
 */
@NullMarked
package dev.curfew.metered;

import org.jspecify.annotations.NullMarked;
