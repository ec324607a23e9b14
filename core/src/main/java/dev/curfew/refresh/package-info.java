/** Refresh tokens in values: how a host lets them be exchanged, what a client asks for, and what it gets. */
@NullMarked
package dev.curfew.refresh;

import org.jspecify.annotations.NullMarked;
