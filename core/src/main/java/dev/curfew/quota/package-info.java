/**
 * Bounds on what one subject or session can cause in the store. Internal.
 */
@NullMarked
package dev.curfew.quota;

import org.jspecify.annotations.NullMarked;
