/** The feed of all partitions as a node reads it: from the beginning, and from there on. */
@NullMarked
package dev.curfew.redis.feed;

import org.jspecify.annotations.NullMarked;
