/**
 * What is done apart from any call: deliveries, which one node makes for all, and the requests that Curfew sends to
 * parties that the host named.
 */
@NullMarked
package dev.curfew.deliver;

import org.jspecify.annotations.NullMarked;
