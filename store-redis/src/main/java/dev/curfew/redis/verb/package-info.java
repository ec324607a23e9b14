/** The verbs of the store, each a script on one partition or on all. */
@NullMarked
package dev.curfew.redis.verb;

import org.jspecify.annotations.NullMarked;
