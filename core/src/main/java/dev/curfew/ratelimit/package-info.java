/** What a host plugs in to bound how often somebody may call. */
@NullMarked
package dev.curfew.ratelimit;

import org.jspecify.annotations.NullMarked;
