/** What happened: events, their listeners, and the audit log. */
@NullMarked
package dev.curfew.event;

import org.jspecify.annotations.NullMarked;
