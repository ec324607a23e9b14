/** What a host demands of the servers of the store, and what can be wrong with one or with what it holds. */
@NullMarked
package dev.curfew.redis.server;

import org.jspecify.annotations.NullMarked;
