/** The lease by which one node at a time acts for all. Internal. */
@NullMarked
package dev.curfew.lease;

import org.jspecify.annotations.NullMarked;
