/** Runs the scripts of Lua, with the names of all keys, and notices what a partition has lost. */
@NullMarked
package dev.curfew.redis.script;

import org.jspecify.annotations.NullMarked;
