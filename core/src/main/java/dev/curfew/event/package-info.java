/** What happened: events, their listeners, and the audit trail. */
@NullMarked
package dev.curfew.event;

import org.jspecify.annotations.NullMarked;
