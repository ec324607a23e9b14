/**
 * Watching: a connection that stays open hears when its session or token ends, on whatever node that happens.
 */
@NullMarked
package dev.curfew.watch;

import org.jspecify.annotations.NullMarked;
