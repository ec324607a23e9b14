/**
 * The store in Redis or Valkey, over Lettuce: one server, Sentinel or a cluster.
 */
@NullMarked
package dev.curfew.redis;

import org.jspecify.annotations.NullMarked;
