/** Commands to one server, Sentinel or a cluster over Lettuce, within a bound, answered by a primary. */
@NullMarked
package dev.curfew.redis.connection;

import org.jspecify.annotations.NullMarked;
