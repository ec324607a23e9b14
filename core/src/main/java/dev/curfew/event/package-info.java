/** What happened, who is told, and the request that caused it. */
@NullMarked
package dev.curfew.event;

import org.jspecify.annotations.NullMarked;
