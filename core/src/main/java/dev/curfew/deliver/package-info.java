/**
 * What goes out to others: the requests that Curfew sends, to parties that the host named, and the lease by which one
 * node at a time does so for all.
 */
@NullMarked
package dev.curfew.deliver;

import org.jspecify.annotations.NullMarked;
