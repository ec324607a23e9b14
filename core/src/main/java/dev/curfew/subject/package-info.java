/**
 * What people and administrators ask of sessions, in values: a name for a session, what is held on somebody, and its
 * removal; the sessions of a client or a realm; the end of many subjects' sessions.
 */
@NullMarked
package dev.curfew.subject;

import org.jspecify.annotations.NullMarked;
