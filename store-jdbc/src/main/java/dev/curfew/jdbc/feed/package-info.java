/** The table of revocations as a feed: its readers, its upkeep, and the hints that wake them. */
@NullMarked
package dev.curfew.jdbc.feed;

import org.jspecify.annotations.NullMarked;
