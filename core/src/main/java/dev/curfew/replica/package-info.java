/**
 * This node's copy of all live revocations: the index, the thread that follows the feed, how old the copy is, and
 * what this node still owes to the store.
 */
@NullMarked
package dev.curfew.replica;

import org.jspecify.annotations.NullMarked;
