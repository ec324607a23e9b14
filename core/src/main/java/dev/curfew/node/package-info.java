/** What a service on this node is made of, below its verbs: its opened store, the delivery of its events, upkeep. */
@NullMarked
package dev.curfew.node;

import org.jspecify.annotations.NullMarked;
