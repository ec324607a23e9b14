/** What goes out to others: the requests that Curfew sends, to parties that the host named. */
@NullMarked
package dev.curfew.deliver;

import org.jspecify.annotations.NullMarked;
